// SPDX-License-Identifier: Apache-2.0
// types.ts is written by hand: a real report must have the keys it promises, and no others.
import { beforeAll, describe, expect, test } from "vitest";
import type { Count, Estimator, Fit, FitCell, Lora, Options, Report, Row, TreeNode } from "tare";
import bert from "./bert-base-cased.json" with { type: "json" };
import { openEstimator, reportOf } from "./package-under-test.ts";

type Keys<T> = Record<keyof Required<T>, "always" | "sometimes">;
type Tensor = TreeNode["tensors"][number];

const keys = {
  report: {
    library: "always",
    model_type: "always",
    class: "always",
    total_bytes: "always",
    tied_total_bytes: "always",
    largest_layer_bytes: "always",
    largest_layer_names: "always",
    parameter_count: "always",
    buffer_bytes: "always",
    rows: "always",
    counts: "always",
    source: "always",
    facts: "always",
    lora: "sometimes",
    fit: "sometimes",
    tree: "sometimes",
  } satisfies Keys<Report>,
  row: { dtype: "always", largest_layer_bytes: "always", total_bytes: "always", training_bytes: "always", text: "always" } satisfies Keys<Row>,
  count: { way: "always", class: "always", total_bytes: "always" } satisfies Keys<Count>,
  lora: { trainable_parameters: "always", matched: "always" } satisfies Keys<Lora>,
  fit: { gpu: "always", dtype: "always", run: "always", full: "always", lora: "always" } satisfies Keys<Fit>,
  cell: { verdict: "always", needed_bytes: "always", available_bytes: "always", cards: "always" } satisfies Keys<FitCell>,
  node: {
    name: "always",
    class: "always",
    times: "always",
    last_name: "sometimes",
    bytes: "always",
    parameters: "always",
    tensors: "always",
    children: "always",
  } satisfies Keys<TreeNode>,
  tensor: { name: "always", kind: "always", dtype: "always", shape: "always", formula: "always", persistent: "always" } satisfies Keys<Tensor>,
};

function expectKeys(value: object, expected: Record<string, "always" | "sometimes">): void {
  const got = Object.keys(value);
  expect(got.filter((key) => !Object.hasOwn(expected, key))).toEqual([]);
  expect(Object.keys(expected).filter((key) => expected[key] === "always" && !got.includes(key))).toEqual([]);
}

function walk(node: TreeNode, visit: (node: TreeNode) => void): void {
  visit(node);
  for (const child of node.children) walk(child, visit);
}

let estimator: Estimator;
beforeAll(async () => {
  estimator = await openEstimator();
});
const ask = async (options: Options) => reportOf(await estimator.estimate(JSON.stringify(bert), options));

describe("keys", () => {
  test("of a plain report", async () => {
    const report = await ask({});
    expectKeys(report, keys.report);
    expect(report).not.toHaveProperty("lora");
    expect(report).not.toHaveProperty("fit");
    expect(report).not.toHaveProperty("tree");
    for (const row of report.rows) expectKeys(row, keys.row);
    for (const count of report.counts) expectKeys(count, keys.count);
    for (const fact of report.facts) expectKeys(fact, { key: "always", value: "always" });
  });

  test("of LoRA and fit", async () => {
    const gpus = [{ name: "a card", bytes: 24 * 2 ** 30 }];
    const report = await ask({
      lora: { rank: 8, target_modules: ["query", "value"] },
      fit: { gpus, count: 1, reserve_bytes: 0, overhead: 0.2 },
    });
    expectKeys(report.lora!, keys.lora);
    expect(report.fit).toHaveLength(4);
    for (const fit of report.fit!) {
      expectKeys(fit, keys.fit);
      for (const cell of [fit.run, fit.full, fit.lora]) expectKeys(cell, keys.cell);
    }
  });

  test("of the tree", async () => {
    const report = await ask({ tree: true });
    walk(report.tree!, (node) => {
      expectKeys(node, keys.node);
      for (const tensor of node.tensors) expectKeys(tensor, keys.tensor);
    });
    expect(report.tree!.parameters).toBe(report.parameter_count);
  });
});

test("the numbers of bert-base-cased", async () => {
  const report = await ask({});
  expect(report).toMatchObject({
    library: "transformers",
    model_type: "bert",
    class: "BertModel",
    total_bytes: 433249280,
    largest_layer_bytes: 90669056,
    largest_layer_names: ["embeddings"],
  });
  expect(report.rows[0]!.text).toEqual(["86.47 MB", "413.18 MB", "1.61 GB"]);
  expect(report.counts).toEqual([
    { way: "accelerate", class: "BertModel", total_bytes: 433249280 },
    { way: "published", class: "BertForMaskedLM", total_bytes: 433371408 },
  ]);
});
