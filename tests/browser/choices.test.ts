// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { useWorld } from "./harness.ts";
import { BERT_CASED, expectRow, sizes, weigh, word } from "./words.ts";

const world = useWorld();
const LLAMA = "?m=meta-llama/Llama-3.1-8B";

function verdicts(page: Page) {
  return page.locator("table.verdicts");
}

async function verdictText(page: Page): Promise<string> {
  return (await verdicts(page).innerText()).replace(/\s+/g, " ");
}

/** Waits for another text than the given one, and gives it. */
async function changed(page: Page, from: string): Promise<string> {
  await expect.poll(() => verdictText(page)).not.toBe(from);
  return verdictText(page);
}

test("dtypes are chosen", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  await page.getByRole("checkbox", { name: "int4" }).uncheck({ force: true });
  await expect.poll(() => sizes(page).getByRole("rowheader").allTextContents()).toEqual(["float32", "float16/bfloat16", "int8"]);
  await page.waitForURL("**dtypes=float32,float16,int8**");
});

test("a GPU, its number and the reserve change what fits", async () => {
  const page = await world.open(LLAMA);
  await verdicts(page).getByText(word("verdict.does_not_fit")).first().waitFor();
  const first = await verdictText(page);
  const gpu = page.getByRole("combobox", { name: word("gpu.label"), exact: true });
  await gpu.fill("H200");
  await gpu.press("Enter");
  const large = await changed(page, first);
  expect(large).toContain("H200");
  await page.getByLabel(word("gpu.cards")).fill("8");
  const many = await changed(page, large);
  await page.getByLabel(word("gpu.reserve")).fill("100");
  await changed(page, many);
  await page.waitForURL(/gpu=.*H200.*cards=8.*reserve=100/);
});

test("a size of one's own is a GPU too", async () => {
  const page = await world.open(LLAMA);
  const gpu = page.getByRole("combobox", { name: word("gpu.label"), exact: true });
  await gpu.fill("24 GB");
  await gpu.press("Enter");
  await expect.poll(() => verdicts(page).locator("caption").innerText()).toMatch(/24 GiB/);
});

test("LoRA by rank, by target and by share", async () => {
  const page = await world.open(LLAMA);
  const trained = page.locator(".trained");
  // 41,943,040 of 8.03 B: rank 16 on the seven linear layers of 32 blocks.
  await expect.poll(() => trained.innerText()).toMatch(/41\.9 M/);
  await page.getByLabel(word("lora.rank"), { exact: true }).fill("32");
  await expect.poll(() => trained.innerText()).toMatch(/83\.9 M/);
  await page.getByRole("checkbox", { name: /q_proj/ }).check({ force: true });
  await expect.poll(() => trained.innerText()).toMatch(/8\.39 M|8\.4 M/);
  const before = await verdictText(page);
  await page.getByRole("radio", { name: word("lora.by_share") }).check({ force: true });
  await page.getByLabel(word("lora.share"), { exact: true }).fill("50");
  await changed(page, before);
  await page.waitForURL(/lora=share/);
});

test.each([
  ["meta-llama/Llama-3.1-8B", ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]],
  ["google-bert/bert-base-cased", ["query", "key", "value", "dense"]],
])("every kind of linear layer of %s can be chosen", async (id, names) => {
  const page = await world.open(`?m=${id}`);
  const targets = page.getByRole("group", { name: word("lora.targets"), exact: true });
  for (const name of names) await targets.getByRole("checkbox", { name: new RegExp(`(^|\\.|\\s)${name}\\b`) }).first().waitFor({ state: "attached", timeout: 5000 });
});

test("all GPUs are listed on demand, sorted and filtered", async () => {
  const page = await world.open(LLAMA);
  await page.getByText(word("list.title")).click();
  const table = page.locator("table.gpus");
  await table.waitFor();
  const all = await table.getByRole("row").count();
  expect(all).toBeGreaterThan(100);
  await page.getByRole("button", { name: word("list.memory"), exact: true }).click();
  await expect.poll(() => table.getByRole("columnheader").nth(1).getAttribute("aria-sort")).toBe("ascending");
  await page.getByRole("checkbox", { name: /only where/ }).check();
  await expect.poll(() => table.getByRole("row").count()).toBeLessThan(all);
});

test("back, forward and reload keep what was chosen", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  await weigh(page, "openai-community/gpt2");
  await page.getByRole("heading", { name: "openai-community/gpt2" }).waitFor();
  const gpt2 = await sizes(page).innerText();
  expect(gpt2).not.toContain(BERT_CASED[1]);
  await page.getByLabel(word("gpu.cards")).fill("4");
  await page.waitForURL("**cards=4**");
  await page.goBack();
  await expect.poll(() => page.getByLabel(word("gpu.cards")).inputValue()).toBe("1");
  await page.goBack();
  await expectRow(sizes(page), "float32", BERT_CASED);
  await page.goForward();
  await page.goForward();
  await expect.poll(() => page.getByLabel(word("gpu.cards")).inputValue()).toBe("4");
  await page.reload();
  await page.getByRole("heading", { name: "openai-community/gpt2" }).waitFor();
  await expect.poll(() => sizes(page).innerText()).toBe(gpt2);
  expect(await page.getByLabel(word("gpu.cards")).inputValue()).toBe("4");
});

test("every number opens to how it was made", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  const total = sizes(page).getByRole("button", { name: "413.18 MB" });
  await total.click();
  await sizes(page).getByText(word("why.total")).waitFor();
  await sizes(page).getByText("433,249,280", { exact: false }).first().waitFor();
  expect(await total.getAttribute("aria-expanded")).toBe("true");
});
