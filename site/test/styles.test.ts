// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const tables = readFileSync(new URL("../src/styles/tables.css", import.meta.url), "utf8");

test("the arrows of sorted columns have an empty alternative, after the plain form", () => {
  const rules = [...tables.matchAll(/\.sort::after \{(.*)\}/g)].map(([, body]) => body ?? "");
  expect(rules).toHaveLength(2);
  for (const body of rules) expect(body).toMatch(/^ content: ("[^"]+"); content: \1 \/ ""; $/);
});
