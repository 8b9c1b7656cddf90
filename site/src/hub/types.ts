// SPDX-License-Identifier: Apache-2.0
// What the Hub client takes and answers. Nothing here throws: a failure is a value with one code and one sentence.

/** The public Hub; tests and mirrors give another base. */
export const HUB = "https://huggingface.co";

/** A model repository as a person named it. */
export interface ModelReference {
  /** `name` (legacy) or `owner/name`, spelled as typed. */
  id: string;
  /** Branch, tag, commit or `refs/pr/4`; left out: `main`. */
  revision?: string;
}

export type InputErrorCode =
  | "dataset" // a dataset's address
  | "space" // a Space's address
  | "not_a_model_page" // another page of the Hub
  | "other_site" // an address of some other site
  | "local_path" // a path on the person's own machine
  | "not_a_config" // JSON that is not an object
  | "nonsense"; // nothing that names a model

/** What a person typed or pasted. */
export type Input =
  | { type: "empty" }
  | { type: "model"; reference: ModelReference }
  | { type: "config"; text: string }
  | { type: "invalid"; error: { code: InputErrorCode; where: string; text: string } };

/** What kind of repository it is, from its files first, then from what it says of itself. */
export type RepositoryKind = "transformers" | "timm" | "sentence-transformers" | "diffusers" | "peft" | "gguf" | "other";

/** Parameter counts that the Hub published for the safetensors files. */
export interface PublishedWeights {
  /** Counts by dtype (`F32`, `BF16`, `I64`...), largest first. */
  counts: { dtype: string; count: number }[];
  /**
   * True only where every dtype is a plain float and no quantization is declared. Otherwise the Hub may have counted packed
   * containers instead of weights: show the dtypes, make no bytes and no parameter total of them.
   */
  reliable: boolean;
  /** Sum of the counts, null where they are not reliable. */
  parameters: number | null;
  /** Bytes of the stored weights, null where the counts are not reliable. */
  bytes: number | null;
}

/** What the Hub says of a model, before and beside its config.json. */
export interface ModelFacts {
  /** The Hub's own spelling, after renames. */
  id: string;
  /** Why `id` differs from what was asked, if it does. */
  moved?: { from: string; how: "renamed" | "legacy" | "case" };
  /** Commit that everything in this answer belongs to. */
  sha: string;
  /** The revision that was asked for. */
  revision: string;
  kind: RepositoryKind;
  /** `library_name` as the repository says it. */
  libraryName: string | null;
  pipelineTag: string | null;
  gated: false | "auto" | "manual";
  private: boolean;
  modelType: string | null;
  architectures: string[];
  /** `auto_map` of the config, e.g. `{ "AutoModelForCausalLM": "modeling_x.XForCausalLM" }`; its code is never run. */
  autoMap: Record<string, string> | null;
  /** `quant_method`, or "unknown" where a quantization is declared without one; null where none is declared. */
  quantization: string | null;
  /** Models that this one was made from (adapter, quantization, fine-tune). */
  baseModels: string[];
  weights: PublishedWeights | null;
}

export type HubErrorCode =
  | "not_found" // no such repository, or private: without a token the Hub does not say which
  | "gated" // conditions to accept first; facts are kept
  | "no_config" // the repository has no config.json; `instead` says what it is
  | "bad_token" // the Hub refuses the token itself
  | "bad_revision" // the repository exists, the revision does not
  | "disabled" // the Hub closed the repository
  | "rate_limited" // too many requests from this address or token
  | "offline" // the browser says that there is no network
  | "network" // the Hub could not be reached, answered too late, or with a server error
  | "too_large" // an answer beyond the cap
  | "invalid" // an answer that is not what the Hub documents, or a config.json that is not JSON
  | "aborted"; // the caller's signal

/** What a repository without a config.json is. */
export type Instead = "adapter" | "diffusers" | "gguf" | "weights" | "empty" | "other";

export interface HubError {
  code: HubErrorCode;
  /** The repository that it is about; for `bad_revision` the revision. */
  where: string;
  /** What happened, why, what to do: English, for the command line; the page has its own words by code. */
  text: string;
  /** Was a token sent? Tells the two cases of `gated` and `not_found` apart. */
  withToken: boolean;
  /** `no_config` only. */
  instead?: Instead;
  /** `no_config` only: the model to weigh instead, where the repository names one. */
  baseModel?: string;
  /** `rate_limited` only: the whole documented window, as a page cannot read the Hub's own number. */
  retryAfterSeconds?: number;
  /** `gated`, `not_found`: where the person can ask for access or look. */
  link?: string;
}

export type LookUp =
  | { type: "found"; facts: ModelFacts; config: string }
  /** What was learnt in spite of the failure stays. */
  | { type: "failed"; error: HubError; facts?: ModelFacts; config?: string };

export type Progress = { type: "facts"; facts: ModelFacts } | { type: "config"; config: string };

export interface HubOptions {
  /** Left out: `HUB`. */
  base?: string;
  /** Sent to `base` only, and kept nowhere. */
  token?: string;
  signal?: AbortSignal;
}

export interface LookUpOptions extends HubOptions {
  /** Called as parts arrive, before the answer. */
  onProgress?: (progress: Progress) => void;
}

export type Search = { type: "found"; ids: string[] } | { type: "failed"; error: HubError };
