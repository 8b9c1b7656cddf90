// SPDX-License-Identifier: Apache-2.0
// Where a config.json comes from: beside the page, from an earlier visit, or from the Hub.
import { createStore, get, set } from "idb-keyval";
import { exampleFile, findExample } from "./examples.ts";
import type { ModelFacts } from "./hub/index.ts";

export type Origin =
  | { type: "hub"; sha: string }
  /** Read on an earlier visit; `date` is ISO. */
  | { type: "kept"; sha: string; date: string }
  | { type: "example"; complete: boolean }
  | { type: "pasted" };

/** A config.json and what is known of it. */
export interface Model {
  /** Empty for a pasted config. */
  id: string;
  config: string;
  origin: Origin;
  facts?: ModelFacts;
}

interface Kept {
  id: string;
  config: string;
  facts: ModelFacts;
  date: string;
}

const store = createStore("tare", "models");

function keyOf(id: string, revision: string): string {
  return revision ? `${id.toLowerCase()}@${revision}` : id.toLowerCase();
}

/** The copy of a model that needs no network: from an earlier visit, else a bundled example; undefined: none. */
export async function readLocal(id: string, revision: string, root: URL): Promise<Model | undefined> {
  // A browser may forbid storage altogether, as in a private window or a frame of another site.
  const kept = await get<Kept>(keyOf(id, revision), store).catch(() => undefined);
  if (kept) {
    const { facts, config, date } = kept;
    return { id: kept.id, config, facts, origin: { type: "kept", sha: facts.sha, date } };
  }
  return revision === "" ? readExample(id, root) : undefined;
}

/** The bundled example of this id; undefined: there is none, or its file could not be read. */
export async function readExample(id: string, root: URL): Promise<Model | undefined> {
  const example = findExample(id);
  if (!example) return undefined;
  try {
    const response = await fetch(new URL(exampleFile(example), root));
    if (!response.ok) return undefined;
    return { id: example.id, config: await response.text(), origin: { type: "example", complete: example.complete } };
  } catch {
    return undefined;
  }
}

/** Keeps a model for later visits, under the id that was asked for and the Hub's own. */
export async function keep(asked: string, revision: string, config: string, facts: ModelFacts): Promise<void> {
  const value: Kept = { id: facts.id, config, facts, date: new Date().toISOString() };
  const keys = new Set([keyOf(asked, revision), keyOf(facts.id, revision)]);
  await Promise.all([...keys].map((key) => set(key, value, store))).catch(() => undefined);
  await set(RECENT, [facts.id, ...(await recent()).filter((id) => id !== facts.id)].slice(0, 50), store).catch(() => undefined);
}

const RECENT = "\0recent";

/** Ids of models that were kept, newest first. */
export async function recent(): Promise<string[]> {
  return (await get<string[]>(RECENT, store).catch(() => undefined)) ?? [];
}
