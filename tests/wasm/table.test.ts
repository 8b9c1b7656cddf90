// SPDX-License-Identifier: Apache-2.0
// The expected boxes were drawn by accelerate 1.15.0.
import { expect, test } from "vitest";
import { drawTable } from "../../wasm/cli/table.ts";

const headers = ["dtype", "Largest Layer", "Total Size", "Training using Adam"];

test("a title narrower than the cells", () => {
  const rows = [["float32", "147.24 MB", "621.94 MB", "2.43 GB"], ["int8", "36.81 MB", "155.48 MB", "N/A"]];
  expect(drawTable("Memory Usage for loading `gpt2`", headers, rows).split("\n")).toEqual([
    "┌────────────────────────────────────────────────────┐",
    "│          Memory Usage for loading `gpt2`           │",
    "├───────┬─────────────┬──────────┬───────────────────┤",
    "│ dtype │Largest Layer│Total Size│Training using Adam│",
    "├───────┼─────────────┼──────────┼───────────────────┤",
    "│float32│  147.24 MB  │621.94 MB │      2.43 GB      │",
    "│  int8 │   36.81 MB  │155.48 MB │        N/A        │",
    "└───────┴─────────────┴──────────┴───────────────────┘",
  ]);
});

test("a title between cells and box", () => {
  const rows = [["float32", "147.24 MB", "621.94 MB", "2.43 GB"]];
  expect(drawTable("Memory Usage for loading `openai-community/gpt2x`", headers, rows).split("\n")).toEqual([
    "┌────────────────────────────────────────────────────┐",
    "│ Memory Usage for loading `openai-community/gpt2x`  │",
    "├───────┬─────────────┬──────────┬───────────────────┤",
    "│ dtype │Largest Layer│Total Size│Training using Adam│",
    "├───────┼─────────────┼──────────┼───────────────────┤",
    "│float32│  147.24 MB  │621.94 MB │      2.43 GB      │",
    "└───────┴─────────────┴──────────┴───────────────────┘",
  ]);
});

test("a title wider than the box", () => {
  const rows = [["float32", "1.96 GB", "27.96 GB", "111.83 GB"], ["float16", "1002.0 MB", "13.98 GB", "55.92 GB"]];
  expect(drawTable("Memory Usage for loading `some-organisation/a-model-with-a-long-name-8B`", headers, rows).split("\n")).toEqual([
    "┌────────────────────────────────────────────────────────────────────────────────────────┐",
    "│        Memory Usage for loading `some-organisation/a-model-with-a-long-name-8B`        │",
    "├───────┬─────────────┬──────────┬───────────────────────────────────────────────────────┤",
    "│ dtype │Largest Layer│Total Size│                  Training using Adam                  │",
    "├───────┼─────────────┼──────────┼───────────────────────────────────────────────────────┤",
    "│float32│   1.96 GB   │ 27.96 GB │                       111.83 GB                       │",
    "│float16│  1002.0 MB  │ 13.98 GB │                        55.92 GB                       │",
    "└───────┴─────────────┴──────────┴───────────────────────────────────────────────────────┘",
  ]);
});
