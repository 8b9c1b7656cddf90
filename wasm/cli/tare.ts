#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
import { readFile } from "node:fs/promises";
import { Estimator, loadCore } from "../index.js";
import type { Options } from "../types.js";
import { type EstimateArguments, readArguments, usage } from "./arguments.js";
import { runBatch } from "./batch.js";
import { findModel } from "./model.js";
import { drawTable } from "./table.js";

/** Reads a file of the package. */
const ownFile = (path: string) => readFile(new URL(path, import.meta.url));

async function openEstimator(): Promise<Estimator> {
  const core = await loadCore(await ownFile("tare_wasm.wasm"));
  return new Estimator(core, async (name) => (await ownFile(`blueprints/${name}.json`)).toString());
}

/** @returns the exit code */
async function main(words: readonly string[]): Promise<number> {
  const command = readArguments(words);
  switch (command.type) {
    case "invalid":
      return complain(`${command.text}\n${usage.slice(0, usage.indexOf("\n\n"))}`, 2);
    case "help":
      return print(usage);
    case "version":
      return print((JSON.parse((await ownFile("package.json")).toString()) as { version: string }).version);
    case "batch": {
      const bad = await runBatch(await openEstimator(), process.stdin, process.stdout);
      return bad === 0 ? 0 : complain(`${bad} of the lines were no requests; each is answered by an error that names its line`, 1);
    }
    case "estimate-memory":
      return estimateMemory(command);
  }
}

async function estimateMemory({ model, library, dtypes, json }: EstimateArguments): Promise<number> {
  const found = await findModel(model, process.env);
  if (found.type === "failed") return complain(found.text, 1);
  const options: Options = {};
  const named = library ?? found.library;
  if (named) options.library = named;
  const answer = await (await openEstimator()).estimate(found.config, options);
  if ("error" in answer) {
    if (json) print(JSON.stringify(answer, null, 2));
    return complain(`${answer.error.where}: ${answer.error.text}`, 1);
  }
  const rows = dtypes.flatMap((dtype) => answer.rows.filter((row) => row.dtype === dtype));
  if (json) return print(JSON.stringify({ model, ...answer, rows }, null, 2));
  const headers = ["dtype", "Largest Layer", "Total Size", "Training using Adam"];
  return print(drawTable(`Memory Usage for loading \`${model}\``, headers, rows.map((row) => [row.dtype, ...row.text])));
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(text: string, code: number): number {
  process.stderr.write(`tare: ${text}\n`);
  return code;
}

// Whoever reads may stop early (`| head`).
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit();
});
process.exitCode = await main(process.argv.slice(2));
