// SPDX-License-Identifier: Apache-2.0
// The blueprints that are committed: made from the pinned libraries, verified, and all of them listed.
import { readdir, readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";

const folder = new URL("../../core/blueprints/", import.meta.url);
const read = (name: string) => readFile(new URL(name, folder), "utf8");

interface Blueprint {
  version: string;
  classes: Record<string, object>;
  lacks?: Record<string, string>;
  verified: { cases: number; exact: number };
}

async function filesOf(library: string): Promise<Map<string, string>> {
  const names = (await readdir(new URL(library, folder))).filter((name) => name.endsWith(".json") && name !== "index.json").sort();
  return new Map(await Promise.all(names.map(async (name) => [name.slice(0, -5), await read(`${library}/${name}`)] as const)));
}

describe.each(["transformers", "timm"])("%s", async (library) => {
  const files = await filesOf(library);

  test("every blueprint was made from the pinned version and verified", async () => {
    const pinned = (await read("generate/requirements.txt")).match(new RegExp(`^${library}==(.+)$`, "m"))?.[1];
    const bad = [...files].filter(([, text]) => {
      const { version, classes, verified } = JSON.parse(text) as Blueprint;
      const described = Object.values(classes).some((body) => !("model" in body)); // a class of another file is verified there
      return version !== pinned || verified.exact !== verified.cases || (described && verified.cases === 0);
    });
    expect(bad.map(([name]) => name)).toEqual([]);
    expect(files.size).toBeGreaterThan(0);
  });

  test("the index and the coverage list them all", async () => {
    const index = JSON.parse(await read("index.json"));
    const coverage = JSON.parse(await read("coverage.json"));
    expect(index[library]).toEqual([...files.keys()]);
    expect(Object.keys(coverage[library])).toEqual([...files.keys()]);
  });
});

test("they stay small: 1.5 KB for the median model type", async () => {
  const sizes = [...(await filesOf("transformers")).values()]
    .map((text) => gzipSync(JSON.stringify(JSON.parse(text)), { level: 9 }).length)
    .sort((a, b) => a - b);
  expect(sizes[sizes.length >> 1]).toBeLessThan(1.5 * 1024);
});
