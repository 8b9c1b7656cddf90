// SPDX-License-Identifier: Apache-2.0
// The command and the (fixture) Hub.
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHub } from "../hub/hub.mjs";
import { tare } from "./package-under-test.ts";

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

const estimate = (words: string[], token = "") => tare(["estimate-memory", ...words], "", { HF_ENDPOINT: hub.url, HF_TOKEN: token });

test.each([
  ["bert-base-cased", ["float32", "86.47 MB", "413.18 MB", "1.61 GB"]],
  ["google-bert/bert-base-cased", ["float32", "86.47 MB", "413.18 MB", "1.61 GB"]],
  ["https://huggingface.co/google-bert/bert-base-cased/tree/main", ["float32", "86.47 MB", "413.18 MB", "1.61 GB"]],
  ["timm/resnet50.a1_in1k", ["float32", "9.0 MB", "97.7 MB", "390.78 MB"]],
])("%s", async (model, row) => {
  const { code, stdout, stderr } = await estimate([model, "--dtypes", "float32"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const lines = stdout.trimEnd().split("\n");
  expect(lines[1]).toContain(`Memory Usage for loading \`${model}\``);
  expect(lines[5]!.split("│").map((cell) => cell.trim()).filter(Boolean)).toEqual(row);
});

test("a gated model asks for a token, and takes it from HF_TOKEN", async () => {
  const without = await estimate(["meta-llama/Llama-3.1-8B"]);
  expect(without).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("gated") });
  const withToken = await estimate(["meta-llama/Llama-3.1-8B"], "hf_fixture_member");
  expect(withToken).toMatchObject({ code: 0, stdout: expect.stringContaining("111.83 GB") });
});

test("a name that is none", async () => {
  expect(await estimate(["no-one/nothing"])).toMatchObject({ code: 1, stderr: expect.stringContaining("no model no-one/nothing") });
  expect(await estimate(["two words"])).toMatchObject({ code: 1, stderr: expect.stringContaining("names no model") });
});

test("no Hub at all", async () => {
  const run = await tare(["estimate-memory", "bert-base-cased"], "", { HF_ENDPOINT: "http://127.0.0.1:9" });
  expect(run).toMatchObject({ code: 1, stdout: "", stderr: expect.stringContaining("could not be reached") });
});
