// SPDX-License-Identifier: Apache-2.0
// What a person chose, and its form in the address: readable, versioned, defaults left out. A newer page reads older addresses.
import type { Dtype, Library } from "tare";

export const dtypes: readonly Dtype[] = ["float32", "float16", "int8", "int4"];
export type Way = "accelerate" | "published";
export type Task = "run" | "lora" | "full";
export const tasks: readonly Task[] = ["run", "lora", "full"];
export type Sort = "gpu" | "memory" | "cards" | "used";

export interface PageState {
  /** A model's id on the Hub; empty: the example of the first visit. */
  model: string;
  revision: string;
  /** A pasted config.json, packed by `pack`; it stays behind the # and is never sent anywhere. */
  pasted: string;
  library: "auto" | Library;
  /** A class or auto class; empty: what the way of counting says. */
  modelClass: string;
  counted: Way;
  dtypes: readonly Dtype[];
  /** Full name of a listed GPU, or empty for one of `memory` GiB. */
  gpu: string;
  /** GiB on one card; 0: the smallest that the GPU was sold with. */
  memory: number;
  cards: number;
  /** GiB kept free on each card. */
  reserve: number;
  /** Per cent added to the weights when running. */
  overhead: number;
  loraBy: "rank" | "share";
  rank: number;
  /** Module names; empty: every linear layer. */
  targets: readonly string[];
  /** Per cent of the parameters that LoRA trains. */
  share: number;
  /** Is the list of all GPUs open? */
  allGpus: boolean;
  task: Task;
  dtype: Dtype;
  vendor: string;
  onlyFits: boolean;
  sort: Sort;
  descending: boolean;
}

interface Field<T> {
  key: string;
  initial: T;
  /** Undefined: not a value of this field; the initial one is taken. */
  read: (text: string) => T | undefined;
  write: (value: T) => string;
}

function text(key: string, initial = ""): Field<string> {
  return { key, initial, read: (value) => value.slice(0, 300), write: (value) => value };
}

function amount(key: string, initial: number, least: number, most: number): Field<number> {
  const read = (value: string) => {
    const parsed = value.trim() === "" ? NaN : Number(value);
    return parsed >= least && parsed <= most ? parsed : undefined;
  };
  return { key, initial, read, write: String };
}

function whole(key: string, initial: number, least: number, most: number): Field<number> {
  const field = amount(key, initial, least, most);
  return { ...field, read: (value) => (Number.isInteger(Number(value)) ? field.read(value) : undefined) };
}

function choice<T extends string>(key: string, initial: T, values: readonly T[]): Field<T> {
  return { key, initial, read: (value) => values.find((one) => one === value), write: String };
}

function flag(key: string): Field<boolean> {
  return { key, initial: false, read: (value) => value === "1", write: (value) => (value ? "1" : "0") };
}

function list<T extends string>(key: string, initial: readonly T[], accept: (one: string) => one is T): Field<readonly T[]> {
  const read = (value: string) => {
    const items = [...new Set(value.split(","))].filter(accept).slice(0, 64);
    return items.length > 0 ? items : undefined;
  };
  return { key, initial, read, write: (value) => value.join(",") };
}

const isDtype = (value: string): value is Dtype => dtypes.some((dtype) => dtype === value);
const isModuleName = (value: string): value is string => /^[\w.]{1,120}$/.test(value);

const fields: { [Key in keyof PageState]: Field<PageState[Key]> } = {
  model: text("m"),
  revision: text("rev"),
  pasted: { ...text("config"), read: (value) => (/^[\w-]{1,200000}$/.test(value) ? value : undefined) },
  library: choice("library", "auto", ["auto", "transformers", "timm"]),
  modelClass: text("class"),
  counted: choice("count", "accelerate", ["accelerate", "published"]),
  dtypes: list("dtypes", dtypes, isDtype),
  gpu: text("gpu", "NVIDIA RTX 4090"),
  memory: amount("gib", 0, 0, 1_000_000),
  cards: whole("cards", 1, 1, 1024),
  reserve: amount("reserve", 1, 0, 10_000),
  overhead: amount("overhead", 20, 0, 1000),
  loraBy: choice("lora", "rank", ["rank", "share"]),
  rank: whole("rank", 16, 1, 65_536),
  targets: list("targets", [], isModuleName),
  share: amount("share", 1, 0.0001, 100),
  allGpus: flag("gpus"),
  task: choice("task", "run", tasks),
  dtype: choice("dtype", "float16", dtypes),
  vendor: text("vendor"),
  onlyFits: flag("fits"),
  sort: choice("sort", "gpu", ["gpu", "memory", "cards", "used"]),
  descending: flag("down"),
};

const entries = Object.entries(fields) as [keyof PageState, Field<unknown>][];
const VERSION = "1";

/** The state of a first visit. */
export const initialState = Object.fromEntries(entries.map(([name, { initial }]) => [name, initial])) as unknown as PageState;

/** Reads an address; what it does not understand falls back to the default. */
export function readAddress(address: { search: string; hash: string }): PageState {
  const query = new URLSearchParams(address.search);
  const fragment = new URLSearchParams(address.hash.replace(/^#/, ""));
  const values = entries.map(([name, field]) => {
    const value = (name === "pasted" ? fragment : query).get(field.key);
    return [name, (value === null ? undefined : field.read(value)) ?? field.initial];
  });
  return Object.fromEntries(values) as PageState;
}

/**
 * Does an address name one of these? One that the page wrote, known by its version, names everything: it leaves out only
 * defaults, and means the same on every machine.
 */
export function namesAny(search: string, names: readonly (keyof PageState)[]): boolean {
  const query = new URLSearchParams(search);
  return query.has("v") || names.some((name) => query.has(fields[name].key));
}

/** Writes a state as `?...#...`; the state of a first visit is an empty text. */
export function writeAddress(state: PageState): string {
  const query = new URLSearchParams();
  let fragment = "";
  for (const [name, field] of entries) {
    const value = field.write(state[name]);
    if (value === field.write(field.initial)) continue;
    if (name === "pasted") fragment = `#${field.key}=${value}`;
    else query.set(field.key, value);
  }
  if (query.size > 0 || fragment) query.set("v", VERSION);
  // Slashes, commas and spaces read better as they are, and a query may hold them.
  const readable = query.toString().replaceAll("%2F", "/").replaceAll("%2C", ",").replaceAll("%3A", ":");
  return (readable && `?${readable}`) + fragment;
}

/** As `writeAddress`, for other people: the state of a first visit says that it is meant, too. */
export function shareAddress(state: PageState): string {
  return writeAddress(state) || `?v=${VERSION}`;
}

/** Are two states the same page? */
export function sameState(a: PageState, b: PageState): boolean {
  return writeAddress(a) === writeAddress(b);
}
