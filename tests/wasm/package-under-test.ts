// SPDX-License-Identifier: Apache-2.0
// The package as it was built, opened as somebody who installed it would.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Estimator, loadCore } from "tare";
import type { Answer, Failure, Report } from "tare";

export const dist = new URL("../../wasm/dist/", import.meta.url);
const command = fileURLToPath(new URL("tare.js", dist));

export const blueprint = (name: string) => readFile(new URL(`blueprints/${name}.json`, dist), "utf8");

export async function openEstimator(): Promise<Estimator> {
  return new Estimator(await loadCore(await readFile(new URL("tare_wasm.wasm", dist))), blueprint);
}

export function reportOf(answer: Answer): Report {
  if ("error" in answer) throw new Error(`${answer.error.code} ${answer.error.where}: ${answer.error.text}`);
  return answer;
}

export function failureOf(answer: Answer): Failure["error"] {
  if (!("error" in answer)) throw new Error(`a report of ${answer.total_bytes} bytes instead of a failure`);
  return answer.error;
}

export interface Run {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command to its end. */
export function tare(words: string[], input = "", environment: Record<string, string> = {}): Promise<Run> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [command, ...words], { env: { ...process.env, ...environment } });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.on("close", (code) => resolve({ code, stdout, stderr }));
    child.stdin.end(input);
  });
}
