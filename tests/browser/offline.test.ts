// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { BrowserContext, Page } from "playwright-core";
import { useWorld } from "./harness.ts";
import { BERT_CASED, BERT_MULTILINGUAL, expectRow, pattern, sizes, weigh, word } from "./words.ts";

const world = useWorld();
const SEEN = "google-bert/bert-base-multilingual-cased";

/** Once the page says that it is ready, the network goes. */
async function goOffline(page: Page): Promise<void> {
  await page.getByText(word("offline.ready")).waitFor({ timeout: 30_000 });
  await page.context().setOffline(true);
}

async function pasteOffline(context: BrowserContext, page: Page, text: string): Promise<void> {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await page.locator("main").focus();
  await page.keyboard.press("Control+V");
}

test("after one load everything but new look-ups works without a network", async () => {
  const page = await world.open();
  await weigh(page, SEEN);
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
  await goOffline(page);
  const asked = world.hub.requests.length;

  await page.reload();
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
  await page.getByText(pattern("origin.kept")).waitFor();

  await page.goto(world.site.url);
  await expectRow(sizes(page), "float32", BERT_CASED);
  await weigh(page, "timm/resnet50.a1_in1k");
  await expectRow(sizes(page), "float32", ["9.0 MB", "97.7 MB", "390.78 MB"]);
  await weigh(page, "meta-llama/Llama-3.1-8B");
  await expectRow(sizes(page), "float32", ["1.96 GB", "27.96 GB", "111.83 GB"]);

  await pasteOffline(page.context(), page, '{"model_type": "gpt2", "n_layer": 1}');
  await page.getByRole("heading", { name: word("facts.pasted") }).waitFor();
  await expect.poll(() => sizes(page).innerText()).toMatch(/float32\s+147\.\d+ MB/);

  await weigh(page, "fixture/nothing");
  await expect.poll(() => page.getByRole("alert").innerText()).toMatch(pattern("hub.offline"));
  expect(world.hub.requests).toHaveLength(asked);
});

// The last test of this file: there is no site after it.
test("the site's server may be gone altogether", async () => {
  const page = await world.open();
  await page.getByText(word("offline.ready")).waitFor({ timeout: 30_000 });
  await world.site.close();
  await page.reload();
  await weigh(page, "openai-community/gpt2");
  await page.getByRole("heading", { name: "openai-community/gpt2" }).waitFor();
});
