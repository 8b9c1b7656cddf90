// SPDX-License-Identifier: Apache-2.0
// Reads core/blueprints from beside the page.
import { hash } from "virtual:blueprints";

/**
 * One file; where that fails (no network, or a newer site has replaced it) the pack, which the service worker keeps.
 * @param root the folder that the site lies in
 * @param name `index`, `coverage`, `transformers/bert` and so on
 * @returns its JSON; "null" where the pack has no such file
 */
export async function readBlueprint(root: URL, name: string): Promise<string> {
  try {
    const response = await fetch(new URL(`blueprints/${hash}/${name}.json`, root));
    if (response.ok) return await response.text();
  } catch {
    // Offline: the pack below.
  }
  pack ??= fetch(new URL("blueprints/all.json", root)).then((response) => response.json() as Promise<Record<string, unknown>>);
  pack.catch(() => (pack = undefined));
  return JSON.stringify((await pack)[name] ?? null);
}

let pack: Promise<Record<string, unknown>> | undefined;
