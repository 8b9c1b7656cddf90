// SPDX-License-Identifier: Apache-2.0
// Models that are known without a network: their config.json lies beside the page.

export interface Example {
  /** The Hub's id. */
  id: string;
  /** Other spellings that people type. */
  aliases?: readonly string[];
  /**
   * False: the file has every key that decides the model's shape, but not every key of the published file (token ids, labels,
   * generation settings).
   */
  complete: boolean;
}

export const examples = [
  { id: "google-bert/bert-base-cased", aliases: ["bert-base-cased"], complete: true },
  { id: "meta-llama/Llama-3.1-8B", complete: true },
  { id: "Qwen/Qwen3-30B-A3B", complete: true },
  { id: "google/gemma-3-27b-it", complete: true },
  { id: "deepseek-ai/DeepSeek-V3", complete: true },
  { id: "openai/whisper-large-v3", complete: false },
  { id: "openai-community/gpt2", aliases: ["gpt2"], complete: true },
  { id: "Qwen/Qwen3-8B", complete: true },
  { id: "mistralai/Mixtral-8x7B-v0.1", complete: true },
  { id: "google-t5/t5-base", aliases: ["t5-base"], complete: false },
  { id: "google/vit-base-patch16-224", complete: false },
  { id: "openai/clip-vit-base-patch16", complete: true },
  { id: "timm/resnet50.a1_in1k", complete: true },
  { id: "HuggingFaceM4/idefics-80b", complete: false },
] as const satisfies readonly Example[];

/** The example of this id, in any case or spelling. */
export function findExample(id: string): Example | undefined {
  const wanted = id.toLowerCase();
  const all: readonly Example[] = examples;
  return all.find((e) => e.id.toLowerCase() === wanted || e.aliases?.some((alias) => alias === wanted));
}

/** Its file under `examples/`. */
export function exampleFile(example: Example): string {
  return `examples/${example.id.replace("/", "--").toLowerCase()}.json`;
}
