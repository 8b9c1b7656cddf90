// SPDX-License-Identifier: Apache-2.0
// The coverage page: every model type and family, found by name, with its state and an example that opens.
import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { BrowserContextOptions, Page } from "playwright-core";
import { expect, test } from "vitest";
import { useWorld } from "./harness.ts";
import { BERT_CASED, expectRow, sizes, word } from "./words.ts";

const world = useWorld();
const blueprints = new URL("../../core/blueprints/", import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, blueprints), "utf8")) as Record<string, Record<string, unknown>>;
const { transformers = {}, timm = {} } = read("coverage.json");

const rows = (page: Page) => page.locator("table.coverage tbody tr:not(.why)");
const search = (page: Page) => page.getByLabel(word("coverage.search"));

test("lists everything, and finds it by name", async () => {
  const page = await world.open("coverage/");
  const models = Object.values(transformers).filter((one) => one["classes"] !== 0 || Object.keys(one["lacks"] as object).length > 0);
  await expect.poll(() => rows(page).count()).toBe(models.length + Object.keys(timm).length);
  await search(page).fill("QWEN3 next");
  await expect.poll(() => rows(page).first().innerText()).toMatch(/^qwen3_next/);
  await search(page).fill("no such model");
  await expect.poll(() => rows(page).count()).toBe(0);
  await expect.poll(() => page.getByRole("status").innerText()).toMatch(/no type/i);
  await search(page).fill("resnet50");
  await page.locator("table.coverage").getByRole("link", { name: "resnet50", exact: true }).waitFor();
  expect(new URL(page.url()).searchParams.get("q")).toBe("resnet50");
  await page.reload();
  expect(await search(page).inputValue()).toBe("resnet50");
});

test("an example opens on the page and is weighed", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  await page.getByRole("link", { name: word("coverage.link") }).click();
  await search(page).fill("gpt2");
  await page.locator("table.coverage").getByRole("link", { name: "gpt2", exact: true }).click();
  await page.getByRole("heading", { name: word("facts.pasted") }).waitFor();
  await expect.poll(() => sizes(page).innerText()).toMatch(/float32\s+147\.\d+ MB\s+4\d\d\.\d+ MB/);
});

test("says what is lacking, and why", async () => {
  const page = await world.open("coverage/?status=partly");
  const [name, { lacks }] = Object.entries(transformers).find(([, one]) => Number(one["classes"]) > 0 && Object.keys(one["lacks"] as object).length > 0) as [
    string,
    { lacks: Record<string, string> },
  ];
  await search(page).fill(name);
  const why = page.locator("tr.why").first();
  await why.locator("summary").click();
  await expect.poll(() => why.innerText()).toContain(Object.values(lacks)[0]);
});

test("works without a network after the first page", async () => {
  const page = await world.open();
  await page.getByText(word("offline.ready")).waitFor({ timeout: 30_000 });
  await page.context().setOffline(true);
  await page.goto(`${world.site.url}coverage/`);
  await search(page).fill("llama");
  await expect.poll(() => rows(page).first().innerText()).toMatch(/^llama/);
});

const looks: [string, string, BrowserContextOptions][] = [
  ["desktop", "", { colorScheme: "light" }],
  ["narrow, dark", "", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
  ["right to left", "&dir=rtl", {}],
];

test.each(looks)("is accessible and does not scroll sideways, %s", async (_, query, options) => {
  const page = await world.open(`coverage/?q=detr${query}`, options);
  await rows(page).first().waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])).toEqual([]);
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
});
