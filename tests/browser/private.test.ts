// SPDX-License-Identifier: Apache-2.0
// The token is a secret, and the policy of the page is kept. That no strange host is asked is watched in every test.
import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { useWorld } from "./harness.ts";
import { BERT_CASED, expectRow, pattern, sizes, weigh, word } from "./words.ts";

const world = useWorld();
const READER = "hf_fixture_reader";
const MEMBER = "hf_fixture_member";

async function giveToken(page: Page, token: string): Promise<void> {
  await page.getByLabel(word("token.label")).fill(token);
  await page.getByRole("button", { name: word("token.use") }).click();
}

test("a token opens what is private, and is left nowhere", async () => {
  const page = await world.open();
  await weigh(page, "fixture/private");
  await giveToken(page, "mistyped");
  await expect.poll(() => page.getByRole("alert").innerText()).toMatch(pattern("hub.bad_token"));
  await giveToken(page, READER);
  await expect.poll(() => page.getByRole("alert").innerText()).toMatch(pattern("hub.not_found_token"));
  world.hub.requests.length = 0;
  const toTheSite: string[] = [];
  page.context().on("request", (request) => {
    if (request.url().startsWith(new URL(world.site.url).origin)) toTheSite.push(JSON.stringify([request.url(), request.headers()]));
  });
  await giveToken(page, MEMBER);
  await page.getByRole("heading", { name: "fixture/private" }).waitFor();
  await expectRow(sizes(page), "float32", BERT_CASED);

  expect(world.hub.requests.some(({ headers }) => headers.authorization === `Bearer ${MEMBER}`)).toBe(true);
  const urls = [page.url(), ...world.hub.requests.map(({ url }) => url), ...toTheSite];
  expect(urls.filter((url) => url.includes("hf_fixture"))).toEqual([]);
  expect(await page.evaluate(everythingStored)).not.toContain("hf_fixture");
  expect(JSON.stringify(await page.context().storageState({ indexedDB: true }))).not.toContain("hf_fixture");
  await page.reload();
  await expect.poll(() => page.getByRole("alert").innerText()).toMatch(pattern("hub.not_found"));
});

/** Runs in the page. */
async function everythingStored(): Promise<string> {
  const names = await caches.keys();
  const cached = await Promise.all(
    names.map(async (name) => {
      const cache = await caches.open(name);
      const requests = await cache.keys();
      return requests.map((request) => [request.url, ...request.headers]);
    }),
  );
  return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state, document.referrer, cached]);
}

test("a gated model says so, and what a token may not read", async () => {
  const page = await world.open("?m=fixture/gated");
  await expect.poll(() => page.getByRole("alert").innerText()).toMatch(pattern("hub.gated"));
  await giveToken(page, READER);
  await expect.poll(() => page.getByRole("alert").innerText()).toMatch(pattern("hub.gated_token"));
  await giveToken(page, MEMBER);
  await expectRow(sizes(page), "float32", BERT_CASED);
});

test("the policy allows neither eval nor strange hosts", async () => {
  const page = await world.open();
  await expectRow(sizes(page), "float32", BERT_CASED);
  const policy = (await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute("content")) ?? "";
  expect(policy).toMatch(/script-src 'self' 'wasm-unsafe-eval'/);
  expect(policy).not.toMatch(/'unsafe-eval'|'unsafe-inline'|\*(?!\.hf\.co)/);
  expect(policy).toContain("default-src 'none'");
});

test("the Hub is told no referrer and no cookie", async () => {
  const page = await world.open();
  await world.hub.requests.splice(0);
  await weigh(page, "google-bert/bert-base-multilingual-cased");
  await page.getByRole("heading", { name: "google-bert/bert-base-multilingual-cased" }).waitFor();
  expect(world.hub.requests.length).toBeGreaterThan(1);
  for (const { headers } of world.hub.requests) expect([headers.referer, headers.cookie]).toEqual([undefined, undefined]);
});
