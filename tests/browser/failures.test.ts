// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { useWorld } from "./harness.ts";
import { BERT_CASED, BERT_MULTILINGUAL, expectRow, pattern, sizes, weigh, word } from "./words.ts";

const world = useWorld();

test.each([
  ["fixture/nothing", "hub.not_found"],
  ["fixture/private", "hub.not_found"],
  ["fixture/pipeline", "hub.no_config_diffusers"],
  ["fixture/adapter", "hub.no_config_adapter"],
  ["fixture/model-GGUF", "hub.no_config_gguf"],
  ["fixture/weights-only", "hub.no_config_weights"],
  ["fixture/empty", "hub.no_config_empty"],
  ["openai-community/gpt2@v9", "hub.bad_revision"],
  ["fixture/disabled", "hub.disabled"],
  ["fixture/rate-limited", "hub.rate_limited"],
  ["fixture/broken", "hub.network"],
  ["fixture/huge-config", "hub.too_large"],
  ["fixture/invalid-config", "hub.invalid"],
  ["fixture/custom-code", "core.unknown_model_type"],
  ["https://huggingface.co/datasets/squad", "input.dataset"],
  ["https://huggingface.co/spaces/a/b", "input.space"],
  ["https://huggingface.co/docs", "input.not_a_model_page"],
  ["https://example.org/a/b", "input.other_site"],
  ["./config.json", "input.local_path"],
  ["[1, 2]", "input.not_a_config"],
  ["no such thing!", "input.nonsense"],
])("%s has its own sentence: %s", async (text, key) => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  await weigh(page, text);
  await expect.poll(() => page.getByRole("alert").innerText(), { timeout: 20_000 }).toMatch(pattern(key));
});

test("what was known stays, and another model clears the alert", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  await weigh(page, "fixture/nothing");
  await page.getByRole("alert").waitFor();
  await expectRow(sizes(page), "float32", BERT_CASED);
  await weigh(page, "google-bert/bert-base-multilingual-cased");
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
  await expect.poll(() => page.getByRole("alert").count()).toBe(0);
});

test("an adapter leads to its base model", async () => {
  const page = await world.open();
  await weigh(page, "fixture/adapter");
  await page.getByRole("alert").getByRole("button", { name: /openai-community\/gpt2/ }).click();
  await page.getByRole("heading", { name: "openai-community/gpt2" }).waitFor();
});

test("a Hub that comes back is asked again", async () => {
  const page = await world.open();
  await page.context().route(/\/api\/models\//, (route) => route.abort());
  await weigh(page, "google-bert/bert-base-multilingual-cased");
  await expect.poll(() => page.getByRole("alert").innerText()).toMatch(pattern("hub.network"));
  await page.context().unroute(/\/api\/models\//);
  await page.getByRole("button", { name: word("problem.retry") }).click();
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
});
