// SPDX-License-Identifier: Apache-2.0
import type { Dtype, Library } from "../types.js";

/** What `estimate-memory` was asked. */
export interface EstimateArguments {
  /** A Hub id, a config.json or a folder that holds one. */
  model: string;
  library?: Library;
  dtypes: Dtype[];
  json: boolean;
}

export type Command =
  | ({ type: "estimate-memory" } & EstimateArguments)
  | { type: "batch" }
  | { type: "help" }
  | { type: "version" }
  | { type: "invalid"; text: string };

const dtypes: readonly Dtype[] = ["float32", "float16", "int8", "int4"];
const libraries: readonly Library[] = ["timm", "transformers"];

export const usage = `usage: tare estimate-memory [-h] [--library_name {timm,transformers}] [--dtypes {float32,float16,int8,int4} ...]
                            [--trust_remote_code] [--json] MODEL_OR_PATH
       tare batch < requests.jsonl > answers.jsonl
       tare --version

estimate-memory  The memory a model takes, as accelerate's command of that name prints it. MODEL_OR_PATH is a model on the
                 Hub, a config.json or a folder with one. float16 stands for bfloat16 too.
                 --json prints the whole report; --trust_remote_code is accepted and changes nothing: no code of a model
                 is ever run.
batch            One request a line, {"id", "library", "model_class", "config"}; one answer a line, {"id", "answer"} or
                 {"id", "error"}, in the same order.

HF_ENDPOINT and HF_TOKEN say which Hub to ask and as whom.
Ends with 0; 1 where a model could not be weighed or a line was no request; 2 where the command itself is wrong.`;

/** Reads the words after `tare`, spelled as accelerate's parser takes them: `--a_b`, `--a-b`, `--a=b`. */
export function readArguments(words: readonly string[]): Command {
  const [name, ...rest] = words;
  if (name === undefined) return invalid("a command is missing: estimate-memory or batch");
  if (name === "--version") return { type: "version" };
  if (words.includes("-h") || words.includes("--help")) return { type: "help" };
  if (name === "batch") return rest.length === 0 ? { type: "batch" } : invalid(`batch takes no arguments: ${rest.join(" ")}`);
  if (name === "estimate-memory") return readEstimate(rest);
  return invalid(`no such command: ${name}`);
}

function readEstimate(words: string[]): Command {
  const left = words.flatMap((word) => (/^--[\w-]+=/.test(word) ? [word.slice(0, word.indexOf("=")), word.slice(word.indexOf("=") + 1)] : [word]));
  const command: EstimateArguments = { model: "", dtypes: [...dtypes], json: false };
  for (let word = left.shift(); word !== undefined; word = left.shift()) {
    const flag = word.startsWith("-") ? word.replaceAll("-", "_") : undefined;
    if (flag === "__json") command.json = true;
    else if (flag === "__library_name") {
      const library = oneOf(libraries, left.shift());
      if (!library) return invalid(`--library_name takes one of: ${libraries.join(", ")}`);
      command.library = library;
    } else if (flag === "__dtypes") {
      const given = takeValues(left).map((value) => oneOf(dtypes, value));
      if (given.length === 0 || given.includes(undefined)) return invalid(`--dtypes takes one or more of: ${dtypes.join(", ")}`);
      command.dtypes = given as Dtype[];
    } else if (flag !== undefined && flag !== "__trust_remote_code") return invalid(`unknown option: ${word}`);
    else if (flag === undefined && command.model !== "") return invalid(`one model at a time: ${command.model}, ${word}`);
    else if (flag === undefined) command.model = word;
  }
  if (command.model === "") return invalid("estimate-memory needs a model: a Hub id, or the path of a config.json");
  return { type: "estimate-memory", ...command };
}

/** Takes the words up to the next option. */
function takeValues(left: string[]): string[] {
  const next = left.findIndex((word) => word.startsWith("-"));
  return left.splice(0, next < 0 ? left.length : next);
}

function oneOf<T extends string>(choices: readonly T[], word: string | undefined): T | undefined {
  return choices.find((choice) => choice === word);
}

function invalid(text: string): Command {
  return { type: "invalid", text };
}
