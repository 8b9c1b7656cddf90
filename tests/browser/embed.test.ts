// SPDX-License-Identifier: Apache-2.0
// The embed page in a frame, and the card in a page, of another origin.
import AxeBuilder from "@axe-core/playwright";
import { beforeAll, expect, test } from "vitest";
import { useWorld } from "./harness.ts";
import { word } from "./words.ts";

const world = useWorld();
const MULTILINGUAL = "google-bert/bert-base-multilingual-cased";

beforeAll(() => {
  const { site, hub } = world;
  site.foreign.set(
    "/frame.html",
    `<!doctype html><html lang="en"><title>A page of somebody else</title><main aria-label="Theirs"><h1>Their page</h1>
    <iframe title="What it weighs" width="600" height="300" src="${site.url}embed/?m=${MULTILINGUAL}&dtypes=float32,int4"></iframe></main>
    <script>addEventListener("message", (e) => { document.title = JSON.stringify([e.origin, e.data]); });</script></html>`,
  );
  site.foreign.set(
    "/card.html",
    `<!doctype html><html lang="en"><title>A page of somebody else</title><main aria-label="Theirs"><h1>Their page</h1>
    <script type="module" src="${site.url}tare-card.js"></script>
    <tare-card model="bert-base-cased" dtypes="float32,int8" gpu="NVIDIA RTX 4090"><a href="${site.url}?m=bert-base-cased">What it weighs</a></tare-card>
    <tare-card model="${MULTILINGUAL}" hub="${hub.url}"></tare-card>
    <tare-card model="fixture/nothing" hub="${hub.url}"></tare-card>
    <tare-card></tare-card></main></html>`,
  );
});

/** An address of the same server under its other name. */
function elsewhere(path: string): string {
  return new URL(path, world.site.otherUrl).href;
}

test("the embed page works in a frame of another origin, and tells its height", async () => {
  const page = await (await world.context()).newPage();
  await page.goto(elsewhere("/frame.html"));
  const frame = page.frameLocator("iframe");
  await frame.getByRole("cell", { name: "678.46 MB" }).waitFor();
  await expect.poll(() => frame.getByRole("rowheader").allTextContents()).toEqual(["float32", "int4"]);
  await page.waitForFunction(() => document.title.includes("tare-height"));
  const [origin, { height }] = JSON.parse(await page.title()) as [string, { height: number }];
  expect(origin).toBe(new URL(world.site.url).origin);
  expect(height).toBeGreaterThan(50);
  const link = await frame.getByRole("link", { name: word("card.link") }).getAttribute("href");
  expect(link).toBe(`${world.site.url}?m=${MULTILINGUAL}&dtypes=float32,int4&v=1`);
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("the card works in a page of another origin", async () => {
  const page = await (await world.context()).newPage();
  await page.goto(elsewhere("/card.html"));
  const [example, looked, failed, empty] = await page.locator("tare-card").all();
  await example?.getByRole("cell", { name: "413.18 MB" }).waitFor();
  await expect.poll(() => example?.getByRole("rowheader").allTextContents()).toEqual(["float32", "int8"]);
  await looked?.getByRole("cell", { name: "678.46 MB" }).waitFor();
  await failed?.getByText("fixture/nothing").first().waitFor();
  await empty?.getByText(word("card.no_model")).waitFor();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
});

test("what is copied as HTML works where it is pasted", async () => {
  const page = await world.open("?m=bert-base-cased&dtypes=float32");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.getByRole("button", { name: word("copy.html") }).click();
  await page.getByRole("button", { name: word("copy.done") }).waitFor();
  const html = await page.evaluate(() => navigator.clipboard.readText());
  world.site.foreign.set("/pasted.html", `<!doctype html><html lang="en"><title>Pasted</title>${html}</html>`);
  await page.goto(elsewhere("/pasted.html"));
  await page.locator("tare-card").getByRole("cell", { name: "413.18 MB" }).waitFor();
});

test("Markdown is copied with the table and a link back", async () => {
  const page = await world.open("?m=bert-base-cased");
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.waitForURL(/google-bert/); // the example that comes with the page is there first, the Hub's spelling of its name later
  await page.getByRole("heading", { name: "google-bert/bert-base-cased" }).waitFor();
  await page.getByRole("button", { name: word("copy.markdown") }).click();
  await page.getByRole("button", { name: word("copy.done") }).waitFor();
  const text = await page.evaluate(() => navigator.clipboard.readText());
  expect(text).toContain("| float32 | 86.47 MB | 413.18 MB | 1.61 GB |");
  expect(text).toContain(`(${page.url()})`);
});
