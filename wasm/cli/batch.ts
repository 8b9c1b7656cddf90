// SPDX-License-Identifier: Apache-2.0
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Estimator } from "../estimator.js";
import type { Answer, Failure, Options, Report } from "../types.js";
import { cutMembers } from "./members.js";

interface Request {
  /** JSON text, given back as it came. */
  id: string;
  config: string;
  options: Options;
}

/**
 * Answers requests, one JSON object a line, in their order and as they come; blank lines are passed over.
 * @returns the number of lines that were no request; each was answered with an error that names the line
 */
export async function runBatch(estimator: Estimator, input: Readable, output: Writable): Promise<number> {
  let number = 0;
  let bad = 0;
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    number++;
    if (line.trim() === "") continue;
    const request = readRequest(line);
    if (typeof request === "string") bad++;
    const answer = typeof request === "string" ? notARequest(number, request) : await weigh(estimator, request);
    if (!output.write(`${answer}\n`)) await once(output, "drain");
  }
  return bad;
}

/** A sentence where the line is no request. */
function readRequest(line: string): Request | string {
  const members = cutMembers(line);
  if (!members) return "it is not a JSON object";
  const config = members.get("config");
  if (config === undefined) return "it has no config";
  try {
    const options: Options = {};
    const library = members.get("library");
    const modelClass = members.get("model_class");
    if (library !== undefined) options.library = JSON.parse(library);
    if (modelClass !== undefined) options.model_class = JSON.parse(modelClass);
    const id = members.get("id") ?? "null";
    JSON.parse(id);
    return { id, config, options };
  } catch {
    return "its id, library or model_class is not JSON";
  }
}

function notARequest(line: number, why: string): string {
  const text = `Line ${line} is not a request: ${why}.`;
  return JSON.stringify({ id: null, error: { code: "invalid_json", where: `line ${line}`, text } } satisfies { id: null } & Failure);
}

async function weigh(estimator: Estimator, { id, config, options }: Request): Promise<string> {
  const answer: Answer = await estimator.estimate(config, options);
  const body = "error" in answer ? { error: answer.error } : { answer: shortForm(answer) };
  return `{"id":${id},${JSON.stringify(body).slice(1)}`;
}

/** The numbers of a report, rows by dtype. */
function shortForm(report: Report) {
  return {
    class: report.class,
    total_bytes: report.total_bytes,
    largest_layer_bytes: report.largest_layer_bytes,
    largest_layer_names: report.largest_layer_names,
    parameter_count: report.parameter_count,
    tied_total_bytes: report.tied_total_bytes,
    rows: Object.fromEntries(
      report.rows.map((row) => [
        row.dtype,
        { largest: row.largest_layer_bytes, total: row.total_bytes, training: row.training_bytes, text: row.text },
      ]),
    ),
  };
}
