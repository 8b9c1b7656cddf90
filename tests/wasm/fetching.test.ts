// SPDX-License-Identifier: Apache-2.0
// Which blueprints are asked for, and what is said where one cannot be had.
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { Estimator, loadCore } from "tare";
import bert from "./bert-base-cased.json" with { type: "json" };
import { blueprint, dist, failureOf, reportOf } from "./package-under-test.ts";

const core = await loadCore(await readFile(new URL("tare_wasm.wasm", dist)));

/** An estimator and the names of all files that it asks for; those in `gone` cannot be had. */
function watched(gone: string[] = []) {
  const asked: string[] = [];
  const estimator = new Estimator(core, async (name) => {
    asked.push(name);
    if (gone.includes(name)) throw new Error("the network is gone");
    return await blueprint(name);
  });
  return { asked, estimator };
}

const weigh = (estimator: Estimator, change: object) => estimator.estimate(JSON.stringify({ ...bert, ...change }));

test("a known type takes its own file, once", async () => {
  const { asked, estimator } = watched();
  reportOf(await weigh(estimator, {}));
  reportOf(await weigh(estimator, { hidden_size: 1536 }));
  expect(JSON.parse((await estimator.blueprint("bert"))!)).toHaveProperty("classes.BertModel");
  expect(asked).toEqual(["transformers/bert"]);
});

test("an unknown type is looked up in the index, and others are looked up there first from then on", async () => {
  const { asked, estimator } = watched();
  for (const model_type of ["no_such_type", "nor_this"]) expect(failureOf(await weigh(estimator, { model_type })).code).toBe("unknown_model_type");
  expect(asked).toEqual(["transformers/no_such_type", "index"]);
  expect(await estimator.blueprint("no_such_type")).toBeUndefined();
});

test.each(["", "../index", "bert/../bert", "bert?", "b".repeat(101), "bert\n"])("a type called %j is not asked for", async (name) => {
  const { asked, estimator } = watched();
  expect(await estimator.blueprint(name)).toBeUndefined();
  expect(asked).toEqual([]);
});

test("a file that the index names and that cannot be had is no unknown type, and is asked for again", async () => {
  const gone = ["transformers/bert"];
  const { estimator } = watched(gone);
  await expect(weigh(estimator, {})).rejects.toThrow("the network is gone");
  gone.pop();
  reportOf(await weigh(estimator, {}));
});

test("without any network nothing is said about the type", async () => {
  const { estimator } = watched(["transformers/no_such_type", "index"]);
  await expect(weigh(estimator, { model_type: "no_such_type" })).rejects.toThrow("the network is gone");
});
