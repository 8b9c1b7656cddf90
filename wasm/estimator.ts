// SPDX-License-Identifier: Apache-2.0
import type { Core } from "./core.js";
import type { Answer, ErrorCode, Library, Options } from "./types.js";

/** Gives a file of core/blueprints by its name without ending: "index", "transformers/bert", "timm/index", "timm/resnet". Rejects where it cannot. */
export type FetchBlueprint = (name: string) => Promise<string>;

/** index.json: what there is. */
export interface BlueprintIndex {
  /** Version of each library that the blueprints were made from. */
  versions: Record<Library, string>;
  /** Model types: each has a file. */
  transformers: string[];
  /** Families of architectures: each has a file. */
  timm: string[];
}

/** A config of configs needs a handful of blueprints; more rounds than this would be a circle. */
const mostRounds = 32;

/** What a model type's file may be called. A config may hold any text: others are not fetched. */
const fileName = /^[\w.-]{1,100}$/;

/** Weighs models, and fetches the blueprints this takes, each once. */
export class Estimator {
  readonly #core: Core;
  readonly #fetch: FetchBlueprint;
  readonly #texts = new Map<string, Promise<string>>();
  /** The config asked about last and the blueprints it took: the same one is often weighed again with other options. */
  #last: { config: string; names: string[] } = { config: "", names: [] };
  #index: Promise<BlueprintIndex> | undefined;

  constructor(core: Core, fetchBlueprint: FetchBlueprint) {
    this.#core = core;
    this.#fetch = fetchBlueprint;
  }

  /** The index of blueprints. Rejects as `fetchBlueprint` does; a later call then tries again. */
  index(): Promise<BlueprintIndex> {
    this.#index ??= this.#text("index").then((text) => JSON.parse(text) as BlueprintIndex);
    this.#index.catch(() => (this.#index = undefined));
    return this.#index;
  }

  /**
   * The blueprint of a model type, as JSON; undefined where there is none. Its file is asked for first and the index only where that fails,
   * so that the first answer waits for one file less. Rejects where the index names the type and its file is not to be had.
   */
  async blueprint(modelType: string): Promise<string | undefined> {
    const index = await this.#index;
    if (!fileName.test(modelType) || index?.transformers.includes(modelType) === false) return undefined;
    try {
      return await this.#text(`transformers/${modelType}`);
    } catch (error) {
      if ((await this.index()).transformers.includes(modelType)) throw error;
      return undefined;
    }
  }

  /**
   * Weighs the model of a config.json.
   * @returns a report, or a failure as a value
   * @throws only what `fetchBlueprint` throws, e.g. where the network is gone and the file was not seen before
   */
  async estimate(config: string, options: Options = {}): Promise<Answer> {
    let names = config === this.#last.config ? this.#last.names : [];
    for (let round = 0; round < mostRounds; round++) {
      const blueprints = await Promise.all(names.map((name) => this.#text(name)));
      const answer = this.#core.estimate(config, blueprints, options);
      if (!("error" in answer) || answer.error.code !== "needs_blueprint") {
        this.#last = { config, names };
        return answer;
      }
      const name = await this.#resolve(answer.error.where);
      if (typeof name !== "string") return name;
      if (names.includes(name)) return failure("not_covered", name, `The blueprint ${name} does not describe this model.`);
      names = [...names, name];
    }
    return failure("limit_exceeded", "config", `The config takes more than ${mostRounds} blueprints.`);
  }

  /** The file that holds what the core asks for; a failure where there is none. */
  async #resolve(wanted: string): Promise<string | Answer> {
    const [library, ...rest] = wanted.split("/");
    const name = rest.join("/");
    if (library === "timm") {
      const families = JSON.parse(await this.#text("timm/index")) as Record<string, string>;
      if (Object.hasOwn(families, name)) return `timm/${families[name]}`;
      return failure("unknown_model_type", "architecture", `timm ${(await this.index()).versions.timm} has no architecture "${name}" that Tare knows.`);
    }
    if ((await this.blueprint(name)) !== undefined) return wanted;
    return failure("unknown_model_type", "model_type", `Tare has no blueprint for the model type "${name}".`);
  }

  #text(name: string): Promise<string> {
    let text = this.#texts.get(name);
    if (!text) {
      text = this.#fetch(name);
      text.catch(() => this.#texts.delete(name));
      this.#texts.set(name, text);
    }
    return text;
  }
}

function failure(code: ErrorCode, where: string, text: string): Answer {
  return { error: { code, where, text } };
}
