// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { countEntries, findEntries, listEntries, readSearch, statusOf, writeSearch } from "../src/coverage-list.ts";
import type { Coverage } from "../src/coverage-list.ts";

const coverage: Coverage = {
  versions: { transformers: "1", timm: "2" },
  transformers: {
    "xlm-roberta": { classes: 3, cases: 30, lacks: {} },
    detr: { classes: 1, cases: 8, lacks: { DetrForSegmentation: "no rule was found" } },
    roberta: { classes: 5, cases: 50, lacks: {} },
    jukebox: { classes: 0, cases: 0, lacks: { JukeboxModel: "no rule was found" } },
    PartOfJukebox: { classes: 0, cases: 0, lacks: {} },
  },
  timm: { resnet: { architectures: 2, cases: 20, lacks: {} } },
};
const entries = listEntries(coverage, { resnet50: "resnet", resnet101: "resnet" });
const found = (text: string, status: "all" | "exact" | "partly" | "none" = "all") => findEntries(entries, { text, status }).map(({ entry }) => entry.name);

describe("the list", () => {
  test("holds types and families by name, with their status", () => {
    expect(entries.map(({ name, status }) => [name, status])).toEqual([
      ["detr", "partly"],
      ["jukebox", "none"],
      ["resnet", "exact"],
      ["roberta", "exact"],
      ["xlm-roberta", "exact"],
    ]);
    expect(countEntries(entries)).toEqual({ exact: 3, partly: 1, none: 1 });
    expect(statusOf(2, {})).toBe("exact");
  });

  test("is searched without regard to spelling, the best first", () => {
    expect(found("ROBERTA")).toEqual(["roberta", "xlm-roberta"]);
    expect(found("xlm_rob")).toEqual(["xlm-roberta"]);
    expect(found("xlm rob")).toEqual(["xlm-roberta"]);
    expect(found("resnet50")).toEqual(["resnet"]);
    expect(found("forsegmentation")).toEqual(["detr"]);
    expect(found("", "none")).toEqual(["jukebox"]);
    expect(found("nothing like it")).toEqual([]);
    expect(findEntries(entries, { text: "101", status: "all" })[0]?.architectures).toEqual(["resnet101"]);
  });
});

describe("the search in the address", () => {
  test("is read back as it was written, and keeps the rest", () => {
    const search = { text: "qwen 3&x", status: "partly" } as const;
    expect(readSearch(writeSearch("?dir=rtl", search))).toEqual(search);
    expect(writeSearch("?dir=rtl&q=old", { text: "", status: "all" })).toBe("?dir=rtl");
  });

  test("is bounded, and only knows the statuses", () => {
    expect(readSearch(`?q=${"x".repeat(1000)}&status=broken`)).toEqual({ text: "x".repeat(300), status: "all" });
  });
});
