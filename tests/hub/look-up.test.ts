// SPDX-License-Identifier: Apache-2.0
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lookUp, searchModels, type LookUpOptions, type Progress } from "../../site/src/hub/index.ts";
import { startHub } from "./hub.mjs";

const READER = "hf_fixture_reader";
const MEMBER = "hf_fixture_member";

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
beforeEach(() => {
  hub.requests.length = 0;
});

function ask(id: string, options: LookUpOptions = {}, revision?: string) {
  return lookUp(revision === undefined ? { id } : { id, revision }, { base: hub.url, ...options });
}

async function found(id: string, options: LookUpOptions = {}, revision?: string) {
  const answer = await ask(id, options, revision);
  if (answer.type !== "found") throw new Error(answer.error.text);
  return answer;
}

async function failed(id: string, options: LookUpOptions = {}, revision?: string) {
  const answer = await ask(id, options, revision);
  if (answer.type !== "failed") throw new Error("found");
  expect(answer.error.text).toMatch(/^[A-Za-z].*[.!]$/);
  return answer;
}

describe("a model is found", () => {
  test("with its facts and config, in two requests and a redirect", async () => {
    const { facts, config } = await found("google-bert/bert-base-multilingual-cased");
    expect(facts).toMatchObject({
      id: "google-bert/bert-base-multilingual-cased", kind: "transformers", libraryName: "transformers", pipelineTag: "fill-mask", gated: false, private: false,
      modelType: "bert", architectures: ["BertForMaskedLM"], autoMap: null, quantization: null, revision: "main",
      weights: { counts: [{ dtype: "F32", count: 178566653 }], reliable: true, parameters: 178566653, bytes: 714266612 },
    });
    expect(facts.sha).toMatch(/^[0-9a-f]{40}$/);
    expect(facts.moved).toBeUndefined();
    expect(JSON.parse(config)).toMatchObject({ model_type: "bert", vocab_size: 119547 });
    expect(hub.requests.map(({ url }) => url.split("?")[0])).toEqual([
      "/api/models/google-bert/bert-base-multilingual-cased",
      "/google-bert/bert-base-multilingual-cased/resolve/main/config.json",
      `/api/resolve-cache/models/google-bert/bert-base-multilingual-cased/${facts.sha}/config.json`,
    ]);
  });

  test.each([
    ["bert-base-cased", "google-bert/bert-base-cased", "legacy"],
    ["GPT2", "openai-community/gpt2", undefined],
    ["gpt2", "openai-community/gpt2", "legacy"],
    ["Meta-Llama/llama-3.1-8b", "meta-llama/Llama-3.1-8B", "case"],
    ["meta-llama/Meta-Llama-3.1-8B", "meta-llama/Llama-3.1-8B", "renamed"],
  ])("under another name: %s", async (from, id, how) => {
    const answer = await ask(from, { token: MEMBER });
    if (how === undefined) return expect(answer).toMatchObject({ type: "failed", error: { code: "not_found" } });
    expect(answer).toMatchObject({ type: "found", facts: { id, moved: { from, how } } });
  });

  test("at a revision, kept in one segment", async () => {
    const { facts } = await found("gpt2", {}, "refs/pr/4");
    expect(facts.revision).toBe("refs/pr/4");
    expect(hub.requests[0]?.url).toContain("/api/models/gpt2/revision/refs%2Fpr%2F4?");
    await found("gpt2", {}, facts.sha);
  });

  test("at one commit, even where files lag behind a push", async () => {
    const { facts } = await found("fixture/just-pushed");
    expect(hub.requests.at(-1)?.url).toBe(`/api/resolve-cache/models/fixture/just-pushed/${facts.sha}/config.json`);
    expect(hub.requests).toHaveLength(5);
  });

  test("with the parts announced as they come", async () => {
    const progress: Progress[] = [];
    await found("timm/resnet50.a1_in1k", { onProgress: (part) => progress.push(part) });
    expect(progress.map(({ type }) => type)).toEqual(["facts", "config"]);
    expect(progress[0]).toMatchObject({ facts: { kind: "timm" } });
  });

  test("with custom code named, never run", async () => {
    const { facts } = await found("fixture/custom-code");
    expect(facts.autoMap).toEqual({ AutoModelForCausalLM: "modeling_custom.CustomForCausalLM" });
  });

  test("quantized: counts are shown, never summed", async () => {
    const { facts } = await found("fixture/quantized");
    expect(facts.quantization).toBe("gptq");
    expect(facts.weights).toMatchObject({ reliable: false, parameters: null, bytes: null });
    expect(facts.weights?.counts[0]).toEqual({ dtype: "F16", count: 1050939392 });
  });

  test("private and gated ones with a token", async () => {
    expect((await found("fixture/private", { token: MEMBER })).facts.private).toBe(true);
    expect((await found("meta-llama/Llama-3.1-8B", { token: ` ${MEMBER}\n` })).facts.gated).toBe("manual");
  });
});

describe("a failure is a value", () => {
  test.each([
    ["fixture/nothing", undefined, "not_found"],
    ["fixture/nothing", READER, "not_found"],
    ["fixture/private", undefined, "not_found"],
    ["fixture/private", READER, "not_found"],
    ["meta-llama/Llama-3.1-8B", undefined, "gated"],
    ["meta-llama/Llama-3.1-8B", READER, "gated"],
    ["gpt2", "mistyped", "bad_token"],
    ["gpt2", "two\nlines", "bad_token"],
    ["fixture/disabled", undefined, "disabled"],
    ["fixture/rate-limited", undefined, "rate_limited"],
    ["fixture/broken", undefined, "network"],
    ["fixture/huge-config", undefined, "too_large"],
    ["fixture/large-config", undefined, "too_large"],
    ["fixture/invalid-config", undefined, "invalid"],
  ])("%s with token %s: %s", async (id, token, code) => {
    const { error } = await failed(id, token === undefined ? {} : { token });
    expect(error).toMatchObject({ code, withToken: token !== undefined });
  });

  test("a revision that does not exist", async () => {
    expect((await failed("gpt2", {}, "v9")).error).toMatchObject({ code: "bad_revision", where: "v9" });
  });

  test("a gated model keeps its facts, weights among them", async () => {
    const { facts, error } = await failed("meta-llama/Llama-3.1-8B");
    expect(facts).toMatchObject({ gated: "manual", weights: { bytes: 16060522496 } });
    expect(error.link).toBe(`${hub.url}/meta-llama/Llama-3.1-8B`);
  });

  test.each([
    ["fixture/pipeline", "diffusers", "diffusers", undefined],
    ["fixture/adapter", "adapter", "peft", "openai-community/gpt2"],
    ["fixture/model-GGUF", "gguf", "gguf", "meta-llama/Llama-3.1-8B"],
    ["fixture/weights-only", "weights", "other", undefined],
    ["fixture/many-files", "other", "other", undefined],
    ["fixture/empty", "empty", "other", undefined],
  ])("%s has no config.json: it is %s", async (id, instead, kind, baseModel) => {
    const { error, facts } = await failed(id);
    expect(error).toMatchObject({ code: "no_config", where: id, instead });
    expect(error.baseModel).toBe(baseModel);
    expect(facts?.kind).toBe(kind);
  });

  test("the whole window is waited for, as pages cannot read the rest of it", async () => {
    expect((await failed("fixture/rate-limited")).error.retryAfterSeconds).toBe(300);
  });

  test("a huge answer is not downloaded", async () => {
    const before = process.memoryUsage().rss;
    await failed("fixture/huge-config");
    expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
  });

  test("no Hub at all", async () => {
    expect((await failed("gpt2", { base: "http://127.0.0.1:9" })).error.code).toBe("network");
  });

  test("a page in place of the Hub", async () => {
    expect((await failed("gpt2", { base: `${hub.url}/portal` })).error.code).toBe("invalid");
  });

  test("the caller gives up, before or during", async () => {
    expect((await failed("gpt2", { signal: AbortSignal.abort() })).error.code).toBe("aborted");
    expect(hub.requests).toEqual([]);
    expect((await failed("fixture/silent", { signal: AbortSignal.timeout(100) })).error.code).toBe("aborted");
  });
});

describe("the token", () => {
  test("goes to the Hub and not to its CDN", async () => {
    await fetch(`${hub.url}/fixture/sharded/resolve/main/model-00001-of-00002.safetensors`, { headers: { Authorization: `Bearer ${MEMBER}` } });
    await found("fixture/private", { token: MEMBER });
    for (const { url, headers } of hub.requests) expect(headers.authorization, url).toBe(url.startsWith("http") ? undefined : `Bearer ${MEMBER}`);
  });

  test("is in no address, error or answer", async () => {
    const answers = [await ask("fixture/private", { token: MEMBER }), await ask("fixture/nothing", { token: READER })];
    expect(JSON.stringify([answers, hub.requests.map(({ url }) => url)])).not.toContain("hf_fixture");
  });
});

describe("completion", () => {
  test("finds ids", async () => {
    expect(await searchModels("bert", { base: hub.url })).toEqual({ type: "found", ids: ["google-bert/bert-base-cased", "google-bert/bert-base-multilingual-cased"] });
  });

  test("asks nothing for less than two characters", async () => {
    expect(await searchModels(" b ", { base: hub.url })).toEqual({ type: "found", ids: [] });
    expect(hub.requests).toEqual([]);
  });

  test("falls back on the documented search", async () => {
    const plain = await startHub({ quicksearch: false });
    expect(await searchModels("LLAMA", { base: plain.url })).toEqual({ type: "found", ids: ["meta-llama/Llama-3.1-8B"] });
    await plain.close();
  });

  test("fails as a value", async () => {
    expect(await searchModels("bert", { base: "http://127.0.0.1:9" })).toMatchObject({ type: "failed", error: { code: "network" } });
    expect(await searchModels("bert", { base: hub.url, token: "mistyped" })).toMatchObject({ type: "failed", error: { code: "bad_token" } });
  });
});
