// SPDX-License-Identifier: Apache-2.0
// From the Hub's answer about a model to ModelFacts.
import { isModelId } from "./address.ts";
import { asObject, asText, asTexts, parseObject, type JsonObject } from "./json.ts";
import type { Instead, ModelFacts, ModelReference, PublishedWeights, RepositoryKind } from "./types.ts";

/** What is asked of `/api/models/{id}`; more would be answered, and weigh more. */
export const FIELDS = ["sha", "safetensors", "config", "library_name", "pipeline_tag", "tags", "gated", "private", "siblings"];

const MOST_FILES = 100_000;

/** Facts, and what the repository would be without a config.json. */
export interface ModelInfo {
  facts: ModelFacts;
  instead: Instead;
}

/** Undefined where the text is not what the Hub documents. */
export function readModelInfo(text: string, asked: ModelReference): ModelInfo | undefined {
  const info = parseObject(text);
  const id = asText(info?.["id"]);
  const sha = asText(info?.["sha"]);
  if (info === undefined || id === null || !isModelId(id) || sha === null || !/^[0-9a-f]{7,64}$/.test(sha)) return undefined;
  const files = readFiles(info["siblings"]);
  const tags = asTexts(info["tags"], 1000);
  const config = asObject(info["config"]) ?? {};
  const libraryName = asText(info["library_name"]);
  const quantization = readQuantization(config);
  const moved = readMoved(asked.id, id);
  const facts: ModelFacts = {
    id,
    ...(moved === undefined ? {} : { moved }),
    sha,
    revision: asked.revision ?? "main",
    kind: readKind(files, libraryName, tags, config),
    libraryName,
    pipelineTag: asText(info["pipeline_tag"]),
    gated: info["gated"] === "auto" || info["gated"] === "manual" ? info["gated"] : false,
    private: info["private"] === true,
    modelType: asText(config["model_type"]),
    architectures: asTexts(config["architectures"], 16),
    autoMap: readAutoMap(config),
    quantization,
    baseModels: readBaseModels(config, tags),
    weights: readWeights(asObject(asObject(info["safetensors"])?.["parameters"]), quantization),
  };
  return { facts, instead: readInstead(files) };
}

/** What only the config.json itself says: custom code, a nested quantization. */
export function withConfig(facts: ModelFacts, config: JsonObject): ModelFacts {
  const quantization = facts.quantization ?? readQuantization(config) ?? readQuantization(asObject(config["text_config"]) ?? {});
  const weights = facts.weights !== null && quantization !== null ? unreliable(facts.weights) : facts.weights;
  return { ...facts, autoMap: facts.autoMap ?? readAutoMap(config), quantization, weights };
}

function readFiles(siblings: unknown): string[] {
  if (!Array.isArray(siblings)) return [];
  return siblings.slice(0, MOST_FILES).flatMap((sibling) => asText(asObject(sibling)?.["rfilename"]) ?? []);
}

function readMoved(from: string, id: string): ModelFacts["moved"] {
  if (from === id) return undefined;
  if (from.toLowerCase() === id.toLowerCase()) return { from, how: "case" };
  return { from, how: !from.includes("/") && id.toLowerCase().endsWith(`/${from.toLowerCase()}`) ? "legacy" : "renamed" };
}

/** Files first: `library_name` is often missing or wrong. */
function readKind(files: string[], libraryName: string | null, tags: string[], config: JsonObject): RepositoryKind {
  const has = (file: string) => files.includes(file);
  if (has("adapter_config.json")) return "peft";
  if (has("model_index.json")) return "diffusers";
  if (has("modules.json") || has("config_sentence_transformers.json")) return "sentence-transformers";
  if (libraryName === "timm" || (libraryName === null && tags.includes("timm"))) return "timm";
  if (asText(config["model_type"]) !== null || libraryName === "transformers") return "transformers";
  return !has("config.json") && files.some(isGguf) ? "gguf" : "other";
}

function readInstead(files: string[]): Instead {
  if (files.includes("adapter_config.json")) return "adapter";
  if (files.includes("model_index.json")) return "diffusers";
  if (files.some(isGguf)) return "gguf";
  if (files.some((file) => /\.(?:safetensors|bin|pth?|ckpt|h5|msgpack|onnx)$/.test(file))) return "weights";
  return files.every((file) => /^(?:\.gitattributes|README\.md)$/.test(file)) ? "empty" : "other";
}

function isGguf(file: string): boolean {
  return file.endsWith(".gguf");
}

function readAutoMap(config: JsonObject): Record<string, string> | null {
  const entries = Object.entries(asObject(config["auto_map"]) ?? {}).filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return entries.length === 0 ? null : Object.fromEntries(entries.slice(0, 64));
}

function readQuantization(config: JsonObject): string | null {
  const declared = asObject(config["quantization_config"]) ?? asObject(config["quantization"]);
  return declared === undefined ? null : (asText(declared["quant_method"]) ?? "unknown");
}

/** An adapter's config names its base; for the rest the Hub's own tags do: `base_model:org/name`, `base_model:quantized:org/name`. */
function readBaseModels(config: JsonObject, tags: string[]): string[] {
  const ofAdapter = asText(asObject(config["peft"])?.["base_model_name_or_path"]);
  const tagged = tags.filter((tag) => tag.startsWith("base_model:")).map((tag) => tag.slice(tag.lastIndexOf(":") + 1));
  return [...new Set(ofAdapter === null ? tagged : [ofAdapter, ...tagged])].filter(isModelId).slice(0, 16);
}

const FLOAT_BYTES: Record<string, number> = { F64: 8, F32: 4, F16: 2, BF16: 2 };

function readWeights(parameters: JsonObject | undefined, quantization: string | null): PublishedWeights | null {
  const counts = Object.entries(parameters ?? {})
    .flatMap(([dtype, count]) => (Number.isSafeInteger(count) && Number(count) >= 0 ? [{ dtype, count: Number(count) }] : []))
    .sort((a, b) => b.count - a.count)
    .slice(0, 32);
  if (counts.length === 0) return null;
  const sums = counts.reduce((sum, { dtype, count }) => ({ parameters: sum.parameters + count, bytes: sum.bytes + count * (FLOAT_BYTES[dtype] ?? NaN) }), {
    parameters: 0,
    bytes: 0,
  });
  const weights = { counts, reliable: true, ...sums };
  return quantization === null && Number.isSafeInteger(sums.bytes) ? weights : unreliable(weights);
}

function unreliable(weights: PublishedWeights): PublishedWeights {
  return { counts: weights.counts, reliable: false, parameters: null, bytes: null };
}
