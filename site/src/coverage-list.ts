// SPDX-License-Identifier: Apache-2.0
// What the coverage page lists: the entries of coverage.json, how far each is covered, and which a search shows.
import type { Library } from "tare";
import exampleClasses from "virtual:example-classes";
import { readVisit } from "./hardware.ts";
import { pack } from "./pack.ts";
import { writeAddress } from "./state.ts";

interface Covered {
  /** Configs that it was compared with the library on. */
  cases: number;
  /** What the library has and Tare has not: the name of a class or an architecture, and why. */
  lacks: Record<string, string>;
}

/** coverage.json */
export interface Coverage {
  versions: Record<Library, string>;
  /** By model type. */
  transformers: Record<string, Covered & { classes: number }>;
  /** By family. */
  timm: Record<string, Covered & { architectures: number }>;
}

export const statuses = ["exact", "partly", "none"] as const;
export type Status = (typeof statuses)[number];

/** A model type or a timm family. */
export interface Entry {
  library: Library;
  name: string;
  status: Status;
  /** Classes of a model type, architectures of a family. */
  classes: number;
  cases: number;
  lacks: readonly (readonly [name: string, reason: string])[];
  /** Those of a family; none for a model type. */
  architectures: readonly string[];
}

export interface Search {
  text: string;
  status: Status | "all";
}

export interface Found {
  entry: Entry;
  /** Architectures that the search text names, best first; none where there is no text. */
  architectures: readonly string[];
}

/** How far something is covered that has so many classes and lacks those. */
export function statusOf(classes: number, lacks: Record<string, string>): Status {
  if (classes === 0) return "none";
  return Object.keys(lacks).length === 0 ? "exact" : "partly";
}

/**
 * Model types and families together, by name. `families` is timm/index.json: architecture to family.
 * Left out is what is nothing but a config inside others: there is no model of it to cover.
 */
export function listEntries({ transformers, timm }: Coverage, families: Record<string, string>): Entry[] {
  const members = new Map<string, string[]>();
  for (const [architecture, family] of Object.entries(families)) {
    const list = members.get(family);
    if (list) list.push(architecture);
    else members.set(family, [architecture]);
  }
  const entry = (library: Library, name: string, classes: number, { cases, lacks }: Covered): Entry => {
    const architectures = library === "timm" ? (members.get(name) ?? []) : [];
    return { library, name, status: statusOf(classes, lacks), classes, cases, lacks: Object.entries(lacks), architectures };
  };
  return [
    ...Object.entries(transformers).map(([name, one]) => entry("transformers", name, one.classes, one)),
    ...Object.entries(timm).map(([name, one]) => entry("timm", name, one.architectures, one)),
  ]
    .filter(({ classes, lacks }) => classes > 0 || lacks.length > 0)
    .sort((a, b) => a.name.localeCompare(b.name, "en"));
}

/** How many entries there are of each status. */
export function countEntries(entries: readonly Entry[]): Record<Status, number> {
  const counts = { exact: 0, partly: 0, none: 0 };
  for (const { status } of entries) counts[status]++;
  return counts;
}

/** People write `xlm_roberta` for `xlm-roberta`, and `deepseek v3` for `deepseek_v3`. */
function fold(text: string): string {
  return text.toLowerCase().replaceAll("-", "_");
}

/** How well a name fits: 0 it is the text, 1 it begins with it, 2 every word is in it; Infinity: not at all. */
function distance(name: string, words: readonly string[]): number {
  const folded = fold(name);
  if (!words.every((word) => folded.includes(word))) return Infinity;
  const whole = words.join("_");
  return folded === whole ? 0 : folded.startsWith(whole) ? 1 : 2;
}

/** Those that fit, best first; equally good ones stay in order. */
function best<T>(items: readonly T[], distanceOf: (item: T) => number): T[] {
  return items
    .map((item) => ({ item, at: distanceOf(item) }))
    .filter(({ at }) => at !== Infinity)
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** The entries of a status that have the text in their name, in that of an architecture, or in one that they lack; best first. */
export function findEntries(entries: readonly Entry[], { text, status }: Search): Found[] {
  const words = fold(text).split(/\s+/).filter(Boolean);
  const wanted = entries.filter((entry) => status === "all" || entry.status === status);
  if (words.length === 0) return wanted.map((entry) => ({ entry, architectures: [] }));
  const names = ({ name, architectures, lacks }: Entry) => [name, ...architectures, ...lacks.map(([lacked]) => lacked)];
  return best(wanted, (entry) => Math.min(...names(entry).map((name) => distance(name, words)))).map((entry) => ({
    entry,
    architectures: best(entry.architectures, (name) => distance(name, words)),
  }));
}

/** Reads the query of the page's address. */
export function readSearch(query: string): Search {
  const values = new URLSearchParams(query);
  return { text: (values.get("q") ?? "").slice(0, 300), status: statuses.find((one) => one === values.get("status")) ?? "all" };
}

/** The query with this search in it. What else it holds stays; no search is no text. */
export function writeSearch(query: string, { text, status }: Search): string {
  const values = new URLSearchParams(query);
  values.delete("q");
  values.delete("status");
  if (text) values.set("q", text);
  if (status !== "all") values.set("status", status);
  return values.size > 0 ? `?${values}` : "";
}

/** Address, from the site's folder, of the page with the defaults of a model type or architecture, on the hardware of this browser. */
export async function exampleAddress(library: Library, name: string): Promise<string> {
  const config = library === "timm" ? { architecture: name } : { model_type: name };
  const modelClass = library === "timm" ? "" : (exampleClasses[name] ?? "");
  return writeAddress({ ...readVisit({ search: "", hash: "" }), modelClass, pasted: await pack(JSON.stringify(config)) });
}
