// The one boundary: three JSON texts in, one JSON text out. `estimate(config, blueprints, options)` of the core takes
// the config.json as it came, a JSON array of blueprint files, and an Options object; it answers a Report or a Failure.
// Every number of bytes is a plain number; those under accelerate's rule may have a fraction (a bool tensor weighs 1/8 byte).

export type Library = "transformers" | "timm";

/** The rows of `accelerate estimate-memory`, in its order; float16 stands for bfloat16 too. */
export type Dtype = "float32" | "float16" | "int8" | "int4";

export interface Options {
  /** Left out: found from the config (`pretrained_cfg` or `architecture` without `model_type` is timm). */
  library?: Library;
  /**
   * A class name, an auto class, "published" (`architectures[0]`) or "accelerate" (AutoModel, unless `auto_map` names an
   * AutoModelFor...). Default: "accelerate". Ignored for timm.
   */
  model_class?: string;
  /** Count tied tensors once (as published) in rows, totals and everything that follows. Default: false, as accelerate. */
  tied?: boolean;
  lora?: LoraOptions;
  fit?: FitOptions;
  /** Ask for the module tree, equal neighbours merged. */
  tree?: boolean;
}

export interface LoraOptions {
  rank: number;
  /** Module names as peft takes them (a name or the end of a dotted path), or "all-linear". */
  target_modules: string[] | "all-linear";
}

export interface FitOptions {
  gpus: { name: string; bytes: number }[];
  count: number;
  reserve_bytes: number;
  /** Share added to the weights for everything else, 0.2 by the rule of thumb of EleutherAI. */
  overhead: number;
  /** LoRA by share of trainable parameters (0.01 = 1 %), where no `lora` is given. */
  trainable_share?: number;
}

export interface Row {
  dtype: Dtype;
  largest_layer_bytes: number;
  total_bytes: number;
  /** Peak of training with Adam; null where the dtype is not trained in. */
  training_bytes: number | null;
  /** The three columns as accelerate prints them. */
  text: [string, string, string];
}

export interface Count {
  way: "accelerate" | "published";
  /** The class that was built, e.g. "BertModel". */
  class: string;
  total_bytes: number;
}

export type Verdict = "fits" | "tight" | "does_not_fit" | "not_applicable";

export interface FitCell {
  verdict: Verdict;
  /** What the task takes on all cards together, without the reserve. */
  needed_bytes: number;
  /** Memory of `count` cards less the reserve on each. */
  available_bytes: number;
  /** The least number of such cards that hold it, null where none up to 1,024 do. */
  cards: number | null;
}

export interface Fit {
  gpu: string;
  dtype: Dtype;
  run: FitCell;
  full: FitCell;
  lora: FitCell;
}

export interface Lora {
  trainable_parameters: number;
  /** Module name patterns and how many modules each matched. */
  matched: { target: string; modules: number }[];
}

/** A module of the tree, or a run of numbered neighbours that are equal: the layers of a model. */
export interface TreeNode {
  name: string;
  class: string;
  /** How many equal neighbours this stands for; their names run from `name` to `last_name`. */
  times: number;
  last_name?: string;
  /** Of one of them. */
  bytes: number;
  parameters: number;
  tensors: { name: string; kind: "parameter" | "buffer"; dtype: string; shape: number[]; formula: string; persistent: boolean }[];
  children: TreeNode[];
}

export interface Report {
  library: Library;
  model_type: string;
  class: string;
  total_bytes: number;
  tied_total_bytes: number;
  largest_layer_bytes: number;
  largest_layer_names: string[];
  parameter_count: number;
  buffer_bytes: number;
  rows: Row[];
  /** Both ways of counting; one that cannot be counted is left out. */
  counts: Count[];
  /** Where the blueprint's knowledge comes from, e.g. "transformers 5.23.0". */
  source: string;
  /** Attributes worth showing: context length, layers, dtype of the file..., where the config has them. */
  facts: { key: string; value: string | number }[];
  lora?: Lora;
  fit?: Fit[];
  tree?: TreeNode;
}

export type ErrorCode =
  | "invalid_json" // a text that is not JSON, too large or too deep
  | "invalid_config" // a key with a value that no model can have; `where` is the key
  | "unknown_model_type" // no blueprint by that name exists
  | "unknown_class" // the class asked for is not one of the model type's
  | "needs_blueprint" // give the blueprint named in `where` too, and ask again
  | "not_covered" // outside what the blueprint was verified for; `text` is the condition in words
  | "refused" // the library refuses this config; `text` says why
  | "limit_exceeded" // too many modules, steps or bytes to count
  | "invalid_blueprint"; // a broken blueprint file: a bug in the data, not in the config

export interface Failure {
  error: {
    code: ErrorCode;
    /** The config key, class or blueprint. A blueprint is named as its file without ending: "transformers/bert", "timm/resnet". */
    where: string;
    text: string;
  };
}

export type Answer = Report | Failure;
