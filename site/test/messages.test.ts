// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { ErrorCode } from "tare";
import type { HubErrorCode, InputErrorCode, Instead } from "../src/hub/index.ts";
import "../src/messages/coverage.ts";
import { hasMessage, pieces, t } from "../src/messages/index.ts";
import catalogue from "../src/messages/en.json";
import { sentence } from "../src/problem.ts";

const folder = new URL("../src/", import.meta.url);
const sources = readdirSync(folder, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts"))
  .map((file) => ({ file, text: readFileSync(new URL(file, folder), "utf8") }));
const parts = readdirSync(new URL("../parts/", import.meta.url)).map((name) => `../parts/${name}`);
const pages = ["../index.html", "../embed/index.html", "../coverage/index.html", ...parts].map((file) => readFileSync(new URL(file, import.meta.url), "utf8"));

describe("every way to fail has its own sentence", () => {
  const input = ["dataset", "space", "not_a_model_page", "other_site", "local_path", "not_a_config", "nonsense"] satisfies InputErrorCode[];
  const hub = [
    "not_found", "gated", "bad_token", "bad_revision", "disabled", "rate_limited", "offline", "network", "too_large", "invalid", "aborted",
  ] satisfies Exclude<HubErrorCode, "no_config">[];
  const core = [
    "invalid_json", "invalid_config", "unknown_model_type", "unknown_class", "not_covered", "refused", "limit_exceeded",
  ] satisfies Exclude<ErrorCode, "needs_blueprint">[];
  const instead = ["adapter", "diffusers", "gguf", "weights", "empty", "other"] satisfies Instead[];
  const fallback = "the text that came with it";

  test.each(input)("input: %s", (code) => expect(sentence({ type: "input", error: { code, where: "x", text: fallback } })).not.toBe(fallback));
  test.each(core)("core: %s", (code) => expect(sentence({ type: "core", error: { code, where: "x", text: fallback } })).not.toBe(fallback));
  test.each(hub)("hub: %s, without and with a token", (code) => {
    for (const withToken of [false, true])
      expect(sentence({ type: "hub", error: { code, where: "x", text: fallback, withToken } })).not.toBe(fallback);
  });
  test.each(instead)("no config: %s", (one) =>
    expect(sentence({ type: "hub", error: { code: "no_config", where: "x", text: fallback, withToken: false, instead: one } })).not.toBe(fallback),
  );
});

test("every message is used", () => {
  const all = [...sources.map(({ text }) => text), ...pages].join("\n");
  // A key is named in full, or by its beginning in a template: `hub.${code}`.
  const used = (key: string): boolean => {
    if (all.includes(`"${key}"`) || all.includes(`%t:${key}%`)) return true;
    return [...all.matchAll(/`([\w.]*)\$\{/g)].some(([, start]) => start !== "" && start?.includes(".") && key.startsWith(start));
  };
  const viaTypes = /^(input|core|hub|problem)\./;
  expect(Object.keys(catalogue).filter((key) => !used(key) && !viaTypes.test(key))).toEqual([]);
});

test("pages name only messages that exist", () => {
  const named = pages.flatMap((page) => [...page.matchAll(/%t:([\w.]+)%/g)].map(([, key]) => key ?? ""));
  expect(named.filter((key) => !hasMessage(key))).toEqual([]);
});

test("no word is written into a template", () => {
  // dtypes, libraries and units of bytes are names, the same in every language.
  const names = /\b(transformers|timm)\b/g;
  const found = sources.flatMap(({ file, text }) => {
    const withoutComments = text.replace(/\/\*[^]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
    return templates(withoutComments).flatMap((template) => {
      const words = template.replace(/<[^>]*>/g, " ").replace(names, " ");
      return /\p{L}/u.test(words) ? [`${file}: ${words.trim()}`] : [];
    });
  });
  expect(found).toEqual([]);
});

/** The literal text of every html`...` in a source, values taken out. */
function templates(source: string): string[] {
  const found: string[] = [];
  for (const match of source.matchAll(/html`/g)) {
    let text = "";
    let depth = 0;
    for (let i = match.index + 5; i < source.length; i++) {
      const char = source[i] ?? "";
      if (depth === 0 && char === "`") break;
      if (source.startsWith("${", i)) depth++;
      if (depth === 0) text += char;
      else if (char === "{" && source[i - 1] !== "$") depth++;
      else if (char === "}") depth--;
    }
    found.push(text);
  }
  return found;
}

test("plurals and values", () => {
  expect(t("verdict.cards", { n: 1 })).toBe("needs 1 card");
  expect(t("verdict.cards", { n: 3 })).toBe("needs 3 cards");
  expect(pieces("fit.needs", { size: { bytes: 5 } })).toEqual(["needs ", { bytes: 5 }]);
});
