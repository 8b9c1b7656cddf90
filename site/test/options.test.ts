// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { TreeNode } from "tare";
import { readGpu } from "../src/card.ts";
import { findGpu, fullName, gpuDataVersion, gpus, searchGpus } from "../src/gpus.ts";
import { allCards, chosenCard, linearNames, reportOptions } from "../src/options.ts";
import { initialState } from "../src/state.ts";

test("the list of GPUs is there, with where it is from", () => {
  expect(gpuDataVersion).toMatch(/^\d+\.\d+\.\d+$/);
  expect(gpus.length).toBeGreaterThan(150);
  expect(new Set(allCards.map((card) => card.key)).size).toBe(allCards.length);
  expect(allCards.every((card) => card.gib > 0)).toBe(true);
});

test("GPUs are found by words and by memory", () => {
  expect(findGpu("nvidia h100")?.memory).toEqual([80]);
  expect(findGpu("RTX 4090")?.vendor).toBe("NVIDIA");
  expect(searchGpus("4090 nvidia").map(fullName)).toContain("NVIDIA RTX 4090");
  expect(searchGpus("141 GB").map(fullName)).toContain("NVIDIA H200");
  expect(searchGpus("no such card")).toEqual([]);
});

test.each([
  ["NVIDIA RTX 4090", { gpu: "NVIDIA RTX 4090", memory: 0 }],
  ["NVIDIA A100 80", { gpu: "NVIDIA A100", memory: 80 }],
  ["a100 40 GB", { gpu: "NVIDIA A100", memory: 40 }],
  ["48", { gpu: "", memory: 48 }],
  ["nonsense", { gpu: initialState.gpu, memory: 0 }],
])("a card's attribute: %s", (text, expected) => expect(readGpu(text)).toEqual(expected));

test("what the core is asked on a first visit", () => {
  expect(reportOptions(initialState)).toEqual({
    model_class: "accelerate",
    tied: false,
    lora: { rank: 16, target_modules: "all-linear" },
    fit: { gpus: [{ name: "chosen", bytes: 24 * 1024 ** 3 }], count: 1, reserve_bytes: 1024 ** 3, overhead: 0.2 },
  });
});

test("as published: its class, ties once; LoRA by share", () => {
  const options = reportOptions({ ...initialState, counted: "published", loraBy: "share", share: 2, library: "timm" });
  expect(options).toMatchObject({ model_class: "published", tied: true, library: "timm", fit: { trainable_share: 0.02 } });
  expect(options.lora).toBeUndefined();
});

test("a size of one's own", () => {
  expect(chosenCard({ ...initialState, gpu: "", memory: 31.5 })).toEqual({ key: "chosen", vendor: "", name: "", gib: 31.5 });
});

function node(name: string, className: string, times = 1, children: TreeNode[] = []): TreeNode {
  return { name, class: className, times, bytes: 0, parameters: 0, tensors: [], children };
}

test("names that LoRA can be put on, with how many there are", () => {
  const tree = node("", "Model", 1, [
    node("embed", "Embedding"),
    node("layers", "ModuleList", 1, [
      node("0", "Layer", 32, [node("q_proj", "Linear"), node("c_attn", "Conv1D"), node("mlp", "Sequential", 1, [node("0", "Linear"), node("1", "GELU")])]),
    ]),
    node("q_proj", "NonDynamicallyQuantizableLinear"),
    node("k_proj", "Linear"),
  ]);
  expect(linearNames(tree)).toEqual([
    { name: "q_proj", modules: 33 },
    { name: "c_attn", modules: 32 },
    { name: "mlp.0", modules: 32 },
    { name: "k_proj", modules: 1 },
  ]);
});
