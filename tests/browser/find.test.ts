// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { useWorld } from "./harness.ts";
import { BERT_CASED, BERT_MULTILINGUAL, expectRow, modelBox, sizes, weigh, word } from "./words.ts";

const world = useWorld();
const MULTILINGUAL = "google-bert/bert-base-multilingual-cased";
const examples = new URL("../../site/public/examples/", import.meta.url);

test("the first screen shows an example and asks nobody", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  expect(world.hub.requests).toEqual([]);
});

test("an id gives the known table", async () => {
  const page = await world.open();
  await weigh(page, "bert-base-cased");
  await page.waitForURL("**/?m=google-bert/bert-base-cased**");
  await expectRow(sizes(page), "float32", BERT_CASED);
  await expectRow(sizes(page), "float16/bfloat16", ["43.23 MB", "206.59 MB", "826.36 MB"]);
  await expectRow(sizes(page), "int8", ["21.62 MB", "103.29 MB", "N/A"]);
  await expectRow(sizes(page), "int4", ["10.81 MB", "51.65 MB", "N/A"]);
  expect(world.hub.requests.some(({ url }) => url.startsWith("/api/models/bert-base-cased?"))).toBe(true);
  await page.getByText("bert-base-cased is its old short name.").waitFor();
});

test.each([
  "google-bert/bert-base-multilingual-cased",
  "https://huggingface.co/google-bert/bert-base-multilingual-cased/blob/main/config.json",
  "hf.co/google-bert/bert-base-multilingual-cased?show_file_info=model.safetensors",
  'AutoModel.from_pretrained("google-bert/bert-base-multilingual-cased")',
  "Google-BERT/bert-base-multilingual-CASED",
])("%s is found", async (text) => {
  const page = await world.open();
  await weigh(page, text);
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
  await page.waitForURL(`**/?m=${MULTILINGUAL}**`);
  await page.getByRole("heading", { name: MULTILINGUAL }).waitFor();
});

test("both ways of counting are shown, and one is chosen", async () => {
  const page = await world.open(`?m=${MULTILINGUAL}`);
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
  await page.getByRole("radio", { name: new RegExp(word("counts.published")) }).check({ force: true });
  await expect.poll(async () => (await sizes(page).getByRole("cell").nth(1).textContent())?.trim()).not.toBe("678.46 MB");
  await page.waitForURL("**count=published**");
});

test("timm is found from the config", async () => {
  const page = await world.open();
  await weigh(page, "timm/resnet50.a1_in1k");
  await expectRow(sizes(page), "float32", ["9.0 MB", "97.7 MB", "390.78 MB"]);
});

test("names are completed from the Hub", async () => {
  const page = await world.open();
  await modelBox(page).pressSequentially("multiling", { delay: 20 });
  const option = page.getByRole("option", { name: MULTILINGUAL });
  await option.waitFor();
  await modelBox(page).press("ArrowDown");
  await modelBox(page).press("Enter");
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
});

const CONFIG = JSON.stringify({ ...readExample("google-bert--bert-base-cased"), vocab_size: 119547 });

function readExample(name: string): object {
  return JSON.parse(readFileSync(new URL(`${name}.json`, examples), "utf8")) as object;
}

test("a config is pasted, and stays in the browser", async () => {
  const page = await world.open();
  const asked = world.hub.requests.length;
  await paste(page, CONFIG);
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
  expect(new URL(page.url()).search).not.toContain("config");
  await page.reload();
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
  expect(world.hub.requests).toHaveLength(asked);
});

test("a file is dropped", async () => {
  const page = await world.open();
  await modelBox(page).waitFor();
  await page.evaluate((text) => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([text], "config.json", { type: "application/json" }));
    document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
  }, CONFIG);
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
});

test("a file is chosen", async () => {
  const page = await world.open();
  await page.getByLabel(word("search.file")).setInputFiles({ name: "config.json", mimeType: "application/json", buffer: Buffer.from(CONFIG) });
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);
});

async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await modelBox(page).waitFor();
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text);
  await modelBox(page).focus();
  await page.keyboard.press("Control+V");
}
