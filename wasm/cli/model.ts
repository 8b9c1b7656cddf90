// SPDX-License-Identifier: Apache-2.0
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type HubOptions, lookUp, readInput } from "../../site/src/hub/index.js";
import type { Library } from "../types.js";

/** A config found, with the library its repository names; or a sentence why there is none. */
export type Found = { type: "found"; config: string; library?: Library } | { type: "failed"; text: string };

/** Reads the config of a file, a folder, or a model on the Hub (any way of naming it that the page understands too). */
export async function findModel(model: string, environment: NodeJS.ProcessEnv): Promise<Found> {
  const kind = await stat(model).catch(() => undefined);
  if (kind) return readLocal(kind.isDirectory() ? join(model, "config.json") : model);
  const input = readInput(model);
  if (input.type !== "model") return failed(input.type === "invalid" && input.error.code !== "local_path" ? input.error.text : `There is no file ${model}.`);

  const options: HubOptions = {};
  if (environment["HF_ENDPOINT"]) options.base = environment["HF_ENDPOINT"];
  if (environment["HF_TOKEN"]) options.token = environment["HF_TOKEN"];
  const answer = await lookUp(input.reference, options);
  if (answer.type === "failed") return failed(answer.error.text);
  const { libraryName } = answer.facts;
  const known = libraryName === "timm" || libraryName === "transformers";
  return known ? { type: "found", config: answer.config, library: libraryName } : { type: "found", config: answer.config };
}

async function readLocal(path: string): Promise<Found> {
  try {
    return { type: "found", config: await readFile(path, "utf8") };
  } catch (error) {
    return failed(`${path} cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function failed(text: string): Found {
  return { type: "failed", text };
}
