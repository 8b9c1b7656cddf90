// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { readArguments } from "../../wasm/cli/arguments.ts";

const every = ["float32", "float16", "int8", "int4"];

test.each([
  ["estimate-memory bert-base-cased", { model: "bert-base-cased", dtypes: every, json: false }],
  ["estimate-memory x --library_name timm", { model: "x", library: "timm", dtypes: every, json: false }],
  ["estimate-memory --library-name=timm x", { model: "x", library: "timm", dtypes: every, json: false }],
  ["estimate-memory x --dtypes int8 float32 --json", { model: "x", dtypes: ["int8", "float32"], json: true }],
  ["estimate-memory --trust_remote_code x", { model: "x", dtypes: every, json: false }],
])("%s", (line, expected) => {
  expect(readArguments(line.split(" "))).toEqual({ type: "estimate-memory", ...expected });
});

test.each([
  ["", "a command is missing"],
  ["estimate x", "no such command: estimate"],
  ["estimate-memory", "needs a model"],
  ["estimate-memory x y", "one model at a time"],
  ["estimate-memory x --dtype int8", "unknown option: --dtype"],
  ["estimate-memory x --dtypes", "--dtypes takes one or more of"],
  ["estimate-memory x --dtypes int8 bf16", "--dtypes takes one or more of"],
  ["estimate-memory x --library_name diffusers", "--library_name takes one of"],
  ["batch requests.jsonl", "batch takes no arguments"],
])("refused: %s", (line, text) => {
  const command = readArguments(line.split(" ").filter(Boolean));
  expect(command).toMatchObject({ type: "invalid", text: expect.stringContaining(text) });
});
