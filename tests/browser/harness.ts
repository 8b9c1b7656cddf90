// SPDX-License-Identifier: Apache-2.0
// What every browser test starts from: the built site, the fixture Hub, Chromium, and a watch on what pages do.
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Page, type Request } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { startHub } from "../hub/hub.mjs";
import { serveSite, type Site } from "./site-server.ts";

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface World {
  site: Site;
  hub: Awaited<ReturnType<typeof startHub>>;
  browser: Browser;
  /** A fresh profile; closed after the test. What its pages log as an error or ask of strange hosts fails the test. */
  context(options?: BrowserContextOptions): Promise<BrowserContext>;
  /** A page of a fresh profile, on `path` of the site. */
  open(path?: string, options?: BrowserContextOptions): Promise<Page>;
}

/** Call at the top of a test file. The world is there once the tests run. */
export function useWorld(): World {
  const world = {} as World;
  const contexts: BrowserContext[] = [];
  const complaints: string[] = [];
  beforeAll(async () => {
    world.hub = await startHub();
    world.site = await serveSite(world.hub.url);
    world.browser = await chromium.launch({ executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium", args: FLAGS });
  });
  afterAll(async () => {
    await world.browser?.close();
    await world.site?.close();
    await world.hub?.close();
  });
  afterEach(async () => {
    await Promise.all(contexts.splice(0).map((context) => context.close()));
    expect(complaints.splice(0)).toEqual([]);
  });
  world.context = async (options) => {
    const context = await world.browser.newContext({ locale: "en-US", viewport: { width: 1280, height: 900 }, ...options });
    contexts.push(context);
    watch(context, world, complaints);
    return context;
  };
  world.open = async (path = "", options) => {
    const page = await (await world.context(options)).newPage();
    await page.goto(world.site.url + path);
    return page;
  };
  return world;
}

/** Errors and broken policies in the console, thrown errors, and requests to anybody but the site and the Hub. */
function watch(context: BrowserContext, { site, hub }: World, complaints: string[]): void {
  const known = [site.url, site.otherUrl, hub.url, hub.cdnUrl].map((url) => new URL(url).origin);
  context.on("console", (message) => {
    // A browser logs every answer that is no 2xx, and every failed request while offline; both are tested on purpose.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) complaints.push(message.text());
    if (/Content Security Policy/i.test(message.text())) complaints.push(message.text());
  });
  context.on("weberror", (error) => complaints.push(String(error.error().stack)));
  context.on("request", (request: Request) => {
    const { origin, protocol } = new URL(request.url());
    if (/^https?:$/.test(protocol) && !known.includes(origin)) complaints.push(`request to ${request.url()}`);
  });
}
