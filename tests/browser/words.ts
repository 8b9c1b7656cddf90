// SPDX-License-Identifier: Apache-2.0
// The page as a person meets it: found by role and by the words of the page's own catalogue.
import { readFileSync } from "node:fs";
import { expect } from "vitest";
import type { Locator, Page } from "playwright-core";

const catalogue = JSON.parse(readFileSync(new URL("../../site/src/messages/en.json", import.meta.url), "utf8")) as Record<string, string>;

/** A message without parameters, as it is shown. */
export function word(key: string): string {
  const text = catalogue[key];
  if (text === undefined || text.includes("{")) throw new Error(`no plain message ${key}`);
  return text;
}

/** A message as a pattern: its parameters match anything. */
export function pattern(key: string): RegExp {
  const text = catalogue[key];
  if (text === undefined) throw new Error(`no message ${key}`);
  return new RegExp(text.split(/\{\w+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*"));
}

export function modelBox(page: Page): Locator {
  return page.getByRole("combobox", { name: word("search.label"), exact: true });
}

/** Types an id or address and presses Enter. */
export async function weigh(page: Page, text: string): Promise<void> {
  await modelBox(page).fill(text);
  await modelBox(page).press("Enter");
}

/** The known table: dtype, largest layer, total size, training with Adam. */
export function sizes(page: Page | Locator): Locator {
  return page.getByRole("table", { name: word("sizes.caption") });
}

/** What a row of a table says, cell by cell. */
export async function rowOf(table: Locator, name: string): Promise<string[]> {
  const row = table.getByRole("row").filter({ has: table.page().getByRole("rowheader", { name, exact: true }) });
  return (await row.getByRole("cell").allTextContents()).map((text) => text.replace(/\s+/g, " ").trim());
}

/** Waits until a row says just this. */
export async function expectRow(table: Locator, name: string, cells: string[]): Promise<void> {
  await expect.poll(() => rowOf(table, name), { timeout: 10_000 }).toEqual(cells);
}

/** The numbers of `accelerate estimate-memory`, float32. */
export const BERT_CASED = ["86.47 MB", "413.18 MB", "1.61 GB"];
export const BERT_MULTILINGUAL = ["351.75 MB", "678.46 MB", "2.65 GB"];
