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
  const estimator = new Estimator(await loadCore(), (name) => readBlueprint(root, name));
  return {
    weigh: (config, options) => estimator.estimate(config, options),
    async classes(modelType) {
      const blueprint = JSON.parse((await estimator.blueprint(modelType)) ?? "{}") as { auto?: object; classes?: object };
      return { auto: Object.keys(blueprint.auto ?? {}), named: Object.keys(blueprint.classes ?? {}) };
    },
  };
}
