// SPDX-License-Identifier: Apache-2.0
// Whatever is pasted: an error value that names what is wrong, soon, and the module answers properly afterwards.
import { readFile } from "node:fs/promises";
import { beforeAll, expect, test } from "vitest";
import { loadCore } from "tare";
import type { Estimator } from "tare";
import bert from "./bert-base-cased.json" with { type: "json" };
import { dist, failureOf, openEstimator, reportOf } from "./package-under-test.ts";

let estimator: Estimator;
beforeAll(async () => {
  estimator = await openEstimator();
});

const text = JSON.stringify(bert);
const changed = (change: object) => JSON.stringify({ ...bert, ...change });

const unreadable: [string, string][] = [
  ["nothing", ""],
  ["white space", "  \n"],
  ["no JSON", "<!doctype html>"],
  ["truncated", text.slice(0, -20)],
  ["something after it", `${text}}`],
  ["a hundred million characters", `{"model_type":"${"a".repeat(1e8)}"}`],
  ["ten million brackets", "[".repeat(1e7)],
  ["a deep object", `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
  ["a number beyond all", text.replace("0.1", "1e999")],
  ["a number with two points", text.replace("0.1", "0.1.1")],
  ["a control character", text.replace("gelu", "ge\u0001lu")],
  ["half a surrogate pair", '{"model_type":"\ud800"'],
];

test.each(unreadable)("not a config: %s", async (_name, config) => {
  expect(failureOf(await estimator.estimate(config)).code).toBe("invalid_json");
});

const wrong: [object, string][] = [
  [{ hidden_size: -768 }, "hidden_size"],
  [{ hidden_size: 768.5 }, "hidden_size"],
  [{ hidden_size: "768" }, "hidden_size"],
  [{ hidden_size: [768] }, "hidden_size"],
  [{ hidden_size: null }, "hidden_size"],
  [{ vocab_size: 2 ** 53 }, "vocab_size"],
  [{ num_hidden_layers: 1e9 }, "num_hidden_layers"],
  [{ model_type: 3 }, "model_type"],
  [{ model_type: "../../package" }, "model_type"],
  [{ model_type: "__proto__" }, "model_type"],
  [{ model_type: "no_such_type" }, "model_type"],
];

test.each(wrong)("wrong: %j", async (change, key) => {
  const started = performance.now();
  const failure = failureOf(await estimator.estimate(changed(change)));
  expect(`${failure.where} ${failure.text}`).toContain(key);
  expect(performance.now() - started).toBeLessThan(2000);
});

test.each(Object.keys(bert))("null as %s is a report or a failure", async (key) => {
  const answer = await estimator.estimate(changed({ [key]: null }));
  if ("error" in answer) expect(answer.error.text).not.toBe("");
  else expect(answer.total_bytes).toBeGreaterThan(0);
});

test("what nests as deep as it may is weighed, on a stack that was not made for it", async () => {
  const terms = Array.from({ length: 120 }, () => "0").join("+");
  const brackets = `${"(".repeat(20)}h${")".repeat(20)}`;
  let node: object = { class: "X", parameters: { w: [`1+${terms}`, brackets] } };
  for (let i = 0; i < 40; i++) node = { class: "X", children: { [`{i${i}}`]: { ...node, repeat: { [`i${i}`]: 1 } } } };
  const blueprint = { library: "transformers", version: "1", model_type: "toy", config: { defaults: { h: 4 } }, classes: { Toy: node } };
  const core = await loadCore(await readFile(new URL("tare_wasm.wasm", dist)));
  const answer = core.estimate('{"model_type": "toy"}', [JSON.stringify(blueprint)], { model_class: "Toy", tree: true });
  expect(reportOf(answer).total_bytes).toBe(16);
});

test("the same estimator still weighs bert-base-cased", async () => {
  expect(reportOf(await estimator.estimate(text)).total_bytes).toBe(433249280);
});
