// SPDX-License-Identifier: Apache-2.0
// The fixture Hub must look like the Hub to the Hub's own client.
import { downloadFile, fileDownloadInfo, fileExists, listFiles, listModels, modelInfo, parseSafetensorsMetadata, pathsInfo } from "@huggingface/hub";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startHub } from "./hub.mjs";

const MEMBER = "hf_fixture_member";

let hub: Awaited<ReturnType<typeof startHub>>;
let hubUrl: string;
beforeAll(async () => {
  hub = await startHub();
  hubUrl = hub.url;
});
afterAll(() => hub.close());

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

test("modelInfo follows moved ids and reads additional fields", async () => {
  const info = await modelInfo({ name: "gpt2", hubUrl, additionalFields: ["sha", "library_name", "safetensors", "filePaths"] });
  expect(info).toMatchObject({ name: "openai-community/gpt2", private: false, gated: false, task: "text-generation", library_name: "transformers" });
  expect(info.safetensors?.total).toBe(137022720);
  expect(info.filePaths).toContain("config.json");
});

test("listModels searches", async () => {
  const models = await all(listModels({ search: { query: "bert-base" }, hubUrl, limit: 10 }));
  expect(models.map(({ name }) => name)).toContain("google-bert/bert-base-cased");
});

test("listFiles pages through 2,500 files", async () => {
  expect(await all(listFiles({ repo: "fixture/many-files", hubUrl, recursive: true }))).toHaveLength(2500);
  const top = await all(listFiles({ repo: "fixture/pipeline", hubUrl }));
  expect(top.map(({ type, path }) => `${type} ${path}`)).toEqual(["directory unet", "file model_index.json"]);
});

test("pathsInfo leaves out what is missing", async () => {
  const infos = await pathsInfo({ repo: "fixture/sharded", paths: ["config.json", "nothing.txt"], hubUrl });
  expect(infos.map(({ path }) => path)).toEqual(["config.json"]);
});

test("small files come through the same host, large ones through the other", async () => {
  const small = await fileDownloadInfo({ repo: "fixture/sharded", path: "config.json", hubUrl });
  const large = await fileDownloadInfo({ repo: "google-bert/bert-base-cased", path: "model.safetensors", hubUrl });
  expect(small?.url.startsWith(`${hubUrl}/api/resolve-cache/`)).toBe(true);
  expect(large?.size).toBe(435755784);
  expect(hub.requests.at(-1)?.url.startsWith(hub.cdnUrl)).toBe(true);
  const config = await downloadFile({ repo: "fixture/sharded", path: "config.json", hubUrl });
  expect(JSON.parse((await config?.text()) ?? "")).toMatchObject({ model_type: "llama" });
});

test("fileExists, and raw pointers of large files", async () => {
  expect(await fileExists({ repo: "fixture/single", path: "model.safetensors", hubUrl })).toBe(true);
  expect(await fileExists({ repo: "fixture/single", path: "nothing", hubUrl })).toBe(false);
  const pointer = await downloadFile({ repo: "fixture/single", path: "model.safetensors", raw: true, hubUrl });
  expect(await pointer?.text()).toMatch(/^version https:\/\/git-lfs/);
});

test.each([
  ["fixture/single", false, { F32: 1026 }],
  ["fixture/sharded", true, { BF16: 4160 }],
])("parseSafetensorsMetadata reads %s", async (repo, sharded, counts) => {
  const metadata = await parseSafetensorsMetadata({ repo, hubUrl, computeParametersCount: true });
  expect(metadata).toMatchObject({ sharded, parameterCount: counts });
});

test("gated, private and missing ones", async () => {
  const repo = "meta-llama/Llama-3.1-8B";
  await expect(downloadFile({ repo, path: "config.json", hubUrl })).rejects.toMatchObject({ statusCode: 401 });
  expect(await downloadFile({ repo, path: "config.json", hubUrl, accessToken: MEMBER })).not.toBeNull();
  await expect(modelInfo({ name: "fixture/private", hubUrl })).rejects.toMatchObject({ statusCode: 401 });
  expect((await modelInfo({ name: "fixture/private", hubUrl, accessToken: MEMBER })).private).toBe(true);
  expect(await fileDownloadInfo({ repo: "fixture/single", path: "nothing", hubUrl })).toBeNull();
});
