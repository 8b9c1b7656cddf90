// SPDX-License-Identifier: Apache-2.0
// The bundled examples and the example in the HTML, weighed by the core as it is built.
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Estimator, loadCore } from "tare";
import { expect, test } from "vitest";
import { exampleFile, examples, findExample } from "../src/examples.ts";

const blueprints = new URL("../../core/blueprints/", import.meta.url);
const publicFolder = new URL("../public/", import.meta.url);
const wasm = readFileSync(fileURLToPath(import.meta.resolve("tare/tare_wasm.wasm")));
const estimator = new Estimator(await loadCore(wasm), async (name) => readFileSync(new URL(`${name}.json`, blueprints), "utf8"));

test("every file is listed and every listed file is there", () => {
  expect(readdirSync(new URL("examples/", publicFolder)).sort()).toEqual(examples.map((one) => exampleFile(one).slice(9)).sort());
  expect(findExample("BERT-base-cased")?.id).toBe("google-bert/bert-base-cased");
});

// Parameters of `architectures[0]`, ties once: what the Hub shows for the weights, or the library counts where they differ.
const PARAMETERS: Record<string, number> = {
  "google-bert/bert-base-cased": 108_340_804,
  "openai-community/gpt2": 124_439_808,
  "meta-llama/Llama-3.1-8B": 8_030_261_248,
  "Qwen/Qwen3-8B": 8_190_735_360,
  "Qwen/Qwen3-30B-A3B": 30_532_122_624,
  "mistralai/Mixtral-8x7B-v0.1": 46_702_792_704,
  "deepseek-ai/DeepSeek-V3": 671_026_404_352,
  "google/gemma-3-27b-it": 27_432_406_640,
  "google-t5/t5-base": 222_903_552,
  "openai/whisper-large-v3": 1_543_490_560,
  "google/vit-base-patch16-224": 86_567_656,
  "openai/clip-vit-base-patch16": 149_620_737,
  "timm/resnet50.a1_in1k": 25_557_032,
  "HuggingFaceM4/idefics-80b": 79_967_843_624,
};

test.each(examples)("$id has the parameters it is known for", async (example) => {
  const config = readFileSync(new URL(exampleFile(example), publicFolder), "utf8");
  const report = await estimator.estimate(config, { model_class: "published", tied: true });
  if ("error" in report) throw new Error(report.error.text);
  // Ties are counted once in bytes; every tensor of these models but a few buffers is float32 here.
  expect(Math.round((report.tied_total_bytes - report.buffer_bytes) / 4)).toBe(PARAMETERS[example.id]);
});

test("the table in the HTML is what the core says", async () => {
  const html = readFileSync(new URL("../index.html", import.meta.url), "utf8");
  const shown = [...html.matchAll(/<td class="number[^"]*">([^<]*)<\/td>/g)].map(([, text]) => text?.replace("%t:sizes.not_trained%", "N/A"));
  const config = readFileSync(new URL("examples/google-bert--bert-base-cased.json", publicFolder), "utf8");
  const report = await estimator.estimate(config);
  if ("error" in report) throw new Error(report.error.text);
  expect(shown).toEqual(report.rows.flatMap((row) => row.text));
});
