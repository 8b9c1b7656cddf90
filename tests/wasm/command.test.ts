// SPDX-License-Identifier: Apache-2.0
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import bert from "./bert-base-cased.json" with { type: "json" };
import { tare } from "./package-under-test.ts";

const path = fileURLToPath(new URL("bert-base-cased.json", import.meta.url));

test("the table of accelerate", async () => {
  const { code, stdout, stderr } = await tare(["estimate-memory", path, "--dtypes", "float32", "int8"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const cells = stdout.split("\n").map((line) => line.split("│").map((cell) => cell.trim()).filter(Boolean));
  expect(cells[1]).toEqual([`Memory Usage for loading \`${path}\``]);
  expect(cells.slice(3, 7)).toEqual([
    ["dtype", "Largest Layer", "Total Size", "Training using Adam"],
    [expect.stringMatching(/^├/)],
    ["float32", "86.47 MB", "413.18 MB", "1.61 GB"],
    ["int8", "21.62 MB", "103.29 MB", "N/A"],
  ]);
});

test("a report as JSON", async () => {
  const { code, stdout } = await tare(["estimate-memory", path, "--json", "--dtypes", "int4"]);
  expect(code).toBe(0);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({ model: path, class: "BertModel", total_bytes: 433249280 });
  expect(report.rows).toHaveLength(1);
});

test.each([
  [["estimate-memory", "/no/such/config.json"], 1, "no file /no/such/config.json"],
  [["estimate-memory", path, "--library_name", "timm"], 1, "architecture"],
  [["estimate-memory"], 2, "needs a model"],
  [["estimate-memory", path, "--fast"], 2, "unknown option: --fast"],
  [["weigh"], 2, "no such command"],
])("%j fails with a sentence", async (words, code, text) => {
  const run = await tare(words);
  expect(run).toMatchObject({ code, stdout: "", stderr: expect.stringContaining(text) });
});

test("batch answers line by line, in order", async () => {
  const lines = [
    JSON.stringify({ id: "a", library: "transformers", model_class: "AutoModel", config: bert }),
    "not a request",
    "",
    JSON.stringify({ id: ["b", 1], model_class: "published", config: bert }),
    JSON.stringify({ id: 3, config: { model_type: "no_such_type" } }),
  ];
  const { code, stdout, stderr } = await tare(["batch"], lines.join("\r\n"));
  const answers = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(answers).toMatchObject([
    { id: "a", answer: { total_bytes: 433249280, largest_layer_names: ["embeddings"], rows: { float32: { text: ["86.47 MB", "413.18 MB", "1.61 GB"] } } } },
    { id: null, error: { code: "invalid_json", where: "line 2" } },
    { id: ["b", 1], answer: { class: "BertForMaskedLM", tied_total_bytes: 433371408 } },
    { id: 3, error: { code: "unknown_model_type", where: "model_type" } },
  ]);
  expect({ code, stderr }).toEqual({ code: 1, stderr: "tare: 1 of the lines were no requests; each is answered by an error that names its line\n" });
});

test("--version and --help", async () => {
  expect((await tare(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await tare(["--help"])).stdout).toContain("estimate-memory");
});
