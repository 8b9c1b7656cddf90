// SPDX-License-Identifier: Apache-2.0
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { readBlueprints } from "../plugins/blueprints.ts";
import { besideKin, pack } from "../plugins/pack.ts";

test("files that share much are neighbours", () => {
  const files = new Map([
    ["a", '{"encoder": "hidden_size", "layers": "depth"}'],
    ["b", '{"stem": "width", "stages": "depth"}'],
    ["c", '{"encoder": "hidden_size", "layers": "num_layers"}'],
    ["d", '{"stem": "width", "stages": "depths"}'],
  ]);
  expect(besideKin(files).map(([name]) => name)).toEqual(["a", "c", "b", "d"]);
  expect(besideKin(new Map())).toEqual([]);
});

test("the pack holds every file and is at most 700 KB as servers compress it", () => {
  const files = readBlueprints();
  const text = pack(files);
  const packed = JSON.parse(text) as Record<string, unknown>;
  expect(Object.keys(packed).sort()).toEqual([...files.keys()].sort());
  for (const [name, file] of files) expect(JSON.stringify(packed[name]) === file, name).toBe(true);
  expect(gzipSync(text, { level: 6 }).length).toBeLessThan(700_000);
});
