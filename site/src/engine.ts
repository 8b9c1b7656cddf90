// SPDX-License-Identifier: Apache-2.0
// The core with its blueprints, fetched from beside the page. One engine serves the page, the card and the embed.
import { Estimator, loadCore } from "tare";
import type { Answer, Options } from "tare";
import { readBlueprint } from "./blueprints.ts";

/** Classes that a model type can be weighed as. */
export interface Classes {
  /** Auto classes, e.g. "AutoModelForCausalLM". */
  auto: string[];
  /** Classes by their own name. */
  named: string[];
}

export interface Engine {
  /** Weighs a config. Rejects only where a blueprint can neither be fetched nor found in the cache. */
  weigh(config: string, options: Options): Promise<Answer>;
  /** Classes of a model type; empty where there is no blueprint by that name. */
  classes(modelType: string): Promise<Classes>;
}

/**
 * Starts the core.
 * @param root the folder that the site lies in
 */
export async function startEngine(root: URL): Promise<Engine> {
  const texts = new Map<string, Promise<string>>();
  const fetchBlueprint = (name: string) => {
    let text = texts.get(name);
    if (!text) {
      text = readBlueprint(root, name);
      text.catch(() => texts.delete(name));
      texts.set(name, text);
    }
    return text;
  };
  const estimator = new Estimator(await loadCore(), fetchBlueprint);
  return {
    weigh: (config, options) => estimator.estimate(config, options),
    async classes(modelType) {
      const known = (await estimator.index()).transformers.includes(modelType);
      if (!known) return { auto: [], named: [] };
      const blueprint = JSON.parse(await fetchBlueprint(`transformers/${modelType}`)) as { auto?: object; classes?: object };
      return { auto: Object.keys(blueprint.auto ?? {}), named: Object.keys(blueprint.classes ?? {}) };
    },
  };
}
