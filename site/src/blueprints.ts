// SPDX-License-Identifier: Apache-2.0
// Reads core/blueprints from beside the page.
import { hash } from "virtual:blueprints";

/**
 * One file; where the folder of all files is out of reach (no network, or a newer site has replaced it) from the pack, which the service
 * worker keeps.
 * @param root the folder that the site lies in
 * @param name `index`, `coverage`, `transformers/bert` and so on
 * @returns its JSON. Rejects where there is no such file
 */
export async function readBlueprint(root: URL, name: string): Promise<string> {
  let found = await fromFolder(root, name);
  if (found === undefined && (await fromFolder(root, "index")) === undefined) found = await fromPack(root, name);
  if (found === undefined) throw new Error(`There is no blueprint ${name}.`);
  return found;
}

async function fromFolder(root: URL, name: string): Promise<string | undefined> {
  try {
    const response = await fetch(new URL(`blueprints/${hash}/${name}.json`, root));
    return response.ok ? await response.text() : undefined;
  } catch {
    return undefined; // offline
  }
}

async function fromPack(root: URL, name: string): Promise<string | undefined> {
  pack ??= fetch(new URL("blueprints/all.json", root)).then((response) => response.json() as Promise<Record<string, unknown>>);
  pack.catch(() => (pack = undefined));
  return JSON.stringify((await pack)[name]);
}

let pack: Promise<Record<string, unknown>> | undefined;
