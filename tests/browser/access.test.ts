// SPDX-License-Identifier: Apache-2.0
// axe finds nothing, nothing scrolls sideways, and a keyboard is enough.
import AxeBuilder from "@axe-core/playwright";
import { expect, test } from "vitest";
import type { BrowserContextOptions, Page } from "playwright-core";
import { useWorld } from "./harness.ts";
import { BERT_CASED, BERT_MULTILINGUAL, expectRow, modelBox, sizes, weigh, word } from "./words.ts";

const world = useWorld();

const looks: [string, string, BrowserContextOptions][] = [
  ["desktop", "", { colorScheme: "light" }],
  ["dark", "", { colorScheme: "dark" }],
  ["narrow", "", { viewport: { width: 390, height: 844 } }],
  ["narrow-dark", "", { viewport: { width: 390, height: 844 }, colorScheme: "dark" }],
  ["rtl", "?dir=rtl", {}],
];

async function expectNothingOfAxe(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html.slice(0, 200))])).toEqual([]);
}

/** Nothing scrolls sideways but what has a region of its own. */
async function expectNoOverflow(page: Page): Promise<void> {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
  expect(content).toBeLessThanOrEqual(window ?? 0);
}

test.each(looks)("the page, %s", async (_, query, options) => {
  const page = await world.open(query, options);
  await expectRow(sizes(page), "float32", BERT_CASED);
  await page.locator("table.verdicts .verdict").first().waitFor();
  await expectNothingOfAxe(page);
  await expectNoOverflow(page);
  await sizes(page).getByRole("button", { name: "413.18 MB" }).click();
  await page.getByText(word("list.title")).click();
  await page.getByLabel(word("list.vendor")).selectOption("Intel"); // a short list: axe takes long over a long one
  await expect.poll(() => page.locator("table.gpus").getByRole("row").count()).toBeLessThan(20);
  await expectNothingOfAxe(page);
  await expectNoOverflow(page);
  await weigh(page, "fixture/private");
  await page.getByRole("alert").waitFor();
  await expectNothingOfAxe(page);
  await expectNoOverflow(page);
});

test("a narrow window of 320 px", async () => {
  const page = await world.open("", { viewport: { width: 320, height: 640 } });
  await expectRow(sizes(page), "float32", BERT_CASED);
  await expectNoOverflow(page);
});

test("without scripts there is an example", async () => {
  const page = await world.open("", { javaScriptEnabled: false });
  await page.getByText("413.18 MB").waitFor();
  await expectNoOverflow(page);
});

/** Presses Tab until the focus is on what is asked for. */
async function tabTo(page: Page, matches: string): Promise<void> {
  for (let i = 0; i < 80; ++i) {
    if (await page.evaluate((selector) => document.activeElement?.matches(selector) ?? false, matches)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab does not reach ${matches}`);
}

test("a keyboard is enough", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  await page.keyboard.press("Tab");
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(word("page.skip"));
  await page.keyboard.press("/");
  expect(await modelBox(page).evaluate((box) => box === document.activeElement)).toBe(true);
  await page.keyboard.type("bert-base-multi", { delay: 20 });
  await page.getByRole("option", { name: "google-bert/bert-base-multilingual-cased" }).waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);

  await tabTo(page, "input[name=counted]");
  await page.keyboard.press("ArrowRight");
  await page.waitForURL("**count=published**");
  await page.keyboard.press("ArrowLeft");
  await expectRow(sizes(page), "float32", BERT_MULTILINGUAL);

  await tabTo(page, "table.sizes button");
  await page.keyboard.press("Enter");
  await sizes(page).getByText(word("why.layer")).waitFor();

  await tabTo(page, "#gpu");
  await page.keyboard.type("H100");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL("**gpu=**H100**");
  await tabTo(page, "#cards");
  await page.keyboard.press("ArrowUp");
  await page.waitForURL("**cards=2**");

  await tabTo(page, "summary:has(+ tare-gpu-list), .all-gpus > summary");
  await page.keyboard.press("Enter");
  await page.locator("table.gpus").waitFor();
  await page.keyboard.press("?");
  await page.getByRole("dialog", { name: word("help.title") }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
});

test("the focus is visible wherever Tab goes", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  for (let i = 0; i < 40; ++i) {
    await page.keyboard.press("Tab");
    const unseen = await page.evaluate(unseenFocus);
    expect(unseen, `stop ${i}`).toBe("");
  }
});

/** Runs in the page: what has the focus but no outline of its own, of a neighbour that stands for it, or of its row. */
function unseenFocus(): string {
  const element = document.activeElement;
  if (element === null || element === document.body) return "";
  const outlined = (one: Element | null) => one !== null && getComputedStyle(one).outlineStyle !== "none" && getComputedStyle(one).outlineWidth !== "0px";
  const seen = [element, element.nextElementSibling, element.parentElement].some(outlined);
  return seen ? "" : element.outerHTML.slice(0, 120);
}
