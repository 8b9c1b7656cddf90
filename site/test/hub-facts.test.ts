// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { ModelFacts } from "../src/hub/index.ts";
import { hubFacts } from "../src/hub-facts.ts";
import { t } from "../src/messages/index.ts";

const llama: ModelFacts = {
  id: "meta-llama/Llama-3.1-8B",
  sha: "d04e592bb4f6aa9cfee91e2e20afa771667e1d4b",
  revision: "main",
  kind: "transformers",
  libraryName: "transformers",
  pipelineTag: "text-generation",
  gated: "manual",
  private: false,
  modelType: "llama",
  architectures: ["LlamaForCausalLM"],
  autoMap: null,
  quantization: null,
  baseModels: [],
  weights: { counts: [{ dtype: "BF16", count: 8_030_261_248 }], reliable: true, parameters: 8_030_261_248, bytes: 16_060_522_496 },
};

function words(facts: ModelFacts): string[] {
  return hubFacts(facts).map(({ key, n }) => t(key, { n }));
}

test("a gated model is told about as far as the Hub does", () => {
  const access = t("known.gated_manual");
  expect(words(llama)).toEqual(["for transformers", "8.03 B parameters", "published in BF16", "stored 14.96 GB", access]);
  expect(words({ ...llama, gated: "auto" }).at(-1)).toBe(t("known.gated_auto"));
});

test("packed weights have dtypes, and no size", () => {
  const counts = [{ dtype: "I32", count: 1000 }, { dtype: "F16", count: 10 }];
  const weights = { counts, reliable: false, parameters: null, bytes: null };
  expect(words({ ...llama, gated: false, weights })).toEqual(["for transformers", "published in I32, F16"]);
});

test("a Hub that says nothing is not spoken for", () =>
  expect(words({ ...llama, libraryName: null, gated: false, weights: null })).toEqual([]));
