// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { serve } from "./browser.js";

const gzip = (bytes) => gzipSync(bytes, { level: 9 }).length;

/** Bytes of the module and its glue, plain and packed. */
export function moduleSizes() {
  return ["tare_wasm.wasm", "tare_wasm.js"].map((name) => {
    const bytes = readFileSync(new URL(`../wasm/dist/${name}`, import.meta.url));
    return { name, bytes: bytes.length, packed: gzip(bytes) };
  });
}

/**
 * Everything a first visit fetches until the table of one model stands there, by kind, each file packed. The service worker, which
 * fetches the rest afterwards, is kept out.
 */
export async function firstLoad(browser, model) {
  const server = await serve(new URL("../site/dist/", import.meta.url));
  const context = await browser.newContext({ serviceWorkers: "block" });
  const page = await context.newPage();
  const bodies = [];
  page.on("response", (response) => {
    const { pathname } = new URL(response.url());
    if (response.url().startsWith(server.address) && response.ok()) bodies.push(response.body().then((body) => ({ pathname, packed: gzip(body) })));
  });
  await page.goto(`${server.address}?m=${model}`, { waitUntil: "networkidle" });
  await page.locator("table").first().waitFor();
  const files = await Promise.all(bodies);
  await context.close();
  server.close();
  return files;
}
