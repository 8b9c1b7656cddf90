// SPDX-License-Identifier: Apache-2.0
// The one place that changes: state in, view out. Elements show a view and ask for changes; they hold nothing of their own.
import type { Answer, Report } from "tare";
import type { Classes, Engine } from "./engine.ts";
import { readVisit, remember } from "./hardware.ts";
import { lookUp, readInput } from "./hub/index.ts";
import type { ModelFacts } from "./hub/index.ts";
import type { Problem } from "./problem.ts";
import { keep, readLocal } from "./model-source.ts";
import type { Model } from "./model-source.ts";
import { linearNames, reportOptions, sizeOptions } from "./options.ts";
import { pack, unpack } from "./pack.ts";
import { initialState, readAddress, sameState, writeAddress } from "./state.ts";
import type { PageState } from "./state.ts";

/** Everything that is shown. Replaced as a whole at every change. */
export interface View {
  state: PageState;
  /** What the report is about; with `problem`, the last that worked. */
  model: Model | undefined;
  report: Report | undefined;
  problem: Problem | undefined;
  /** Something is being fetched. */
  busy: boolean;
  /** What is shown is what was asked for, not what was there before. */
  fresh: boolean;
  /** Facts that came before the config did. */
  early: ModelFacts | undefined;
  classes: Classes;
  linear: { name: string; modules: number }[];
}

const FIRST_MODEL = "google-bert/bert-base-cased";
const noClasses: Classes = { auto: [], named: [] };

export class Store extends EventTarget {
  view: View = {
    state: initialState,
    model: undefined,
    report: undefined,
    problem: undefined,
    busy: true,
    fresh: false,
    early: undefined,
    classes: noClasses,
    linear: [],
  };
  /** In memory only, for as long as the page is open. */
  token = "";
  readonly #engine: Promise<Engine>;
  readonly #root: URL;
  readonly #hub: string;
  #work = new AbortController();
  #lastKeys = "";
  #menuFor = "";

  /**
   * @param root the folder that the site lies in
   * @param hub base URL of the Hub
   */
  constructor(engine: Promise<Engine>, root: URL, hub: string) {
    super();
    this.#engine = engine;
    this.#root = root;
    this.#hub = hub;
  }

  /** Reads the address and follows it from now on. Resolves when the first answer is there. */
  async start(): Promise<void> {
    addEventListener("popstate", () => void this.#go(readAddress(location)));
    addEventListener("hashchange", () => void this.#go(readAddress(location)));
    const state = readVisit(location);
    // Hardware from an earlier visit goes into the address, which then says all that is shown.
    if (!sameState(state, readAddress(location))) history.replaceState(null, "", writeAddress(state) || location.pathname);
    this.#show({ state });
    await this.#load();
  }

  /** Changes what is chosen. The address follows; one control moved several times is one step of the history. */
  change(patch: Partial<PageState>): void {
    const state = { ...this.view.state, ...patch };
    if (sameState(state, this.view.state)) return;
    remember(state, patch);
    const keys = Object.keys(patch).join();
    const address = writeAddress(state) || location.pathname;
    if (keys === this.#lastKeys && !("model" in patch || "pasted" in patch)) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    this.#lastKeys = keys;
    void this.#go(state);
  }

  /** Opens what a person typed, pasted or dropped: a name, an address, or the text of a config. */
  async open(text: string): Promise<void> {
    const input = readInput(text);
    const fresh = { library: "auto", modelClass: "", targets: [], revision: "", model: "", pasted: "" } as const;
    if (input.type === "config") this.change({ ...fresh, pasted: await pack(input.text) });
    else if (input.type === "invalid") this.#show({ problem: { type: "input", error: input.error }, busy: false });
    else if (input.type === "model") {
      const { id, revision = "" } = input.reference;
      const { model, revision: now } = this.view.state;
      if (id === model && revision === now) await this.retry();
      else this.change({ ...fresh, model: id, revision });
    }
  }

  /** Asks again for the same model, for instance with a token. */
  async retry(): Promise<void> {
    await this.#load();
  }

  async #go(state: PageState): Promise<void> {
    const { model, revision, pasted } = this.view.state;
    const same = state.model === model && state.revision === revision && state.pasted === pasted;
    this.#show({ state });
    if (same && this.view.model) await this.#weigh(this.view.model, this.#work.signal);
    else await this.#load();
  }

  async #load(): Promise<void> {
    this.#work.abort();
    this.#work = new AbortController();
    const { signal } = this.#work;
    const { model: id, revision, pasted } = this.view.state;
    this.#show({ busy: true, fresh: false, problem: undefined, early: undefined });
    if (pasted) {
      const config = await unpack(pasted);
      if (signal.aborted) return;
      if (config === undefined) this.#show({ problem: { type: "address" }, busy: false });
      else await this.#weigh({ id: "", config, origin: { type: "pasted" } }, signal);
      return;
    }
    const local = await readLocal(id || FIRST_MODEL, revision, this.#root);
    if (signal.aborted) return;
    if (local) await this.#weigh(local, signal, id !== "");
    if (id && !signal.aborted) await this.#ask(id, revision, local, signal);
  }

  /** Asks the Hub. A local copy that is already shown stays where the Hub cannot answer. */
  async #ask(id: string, revision: string, local: Model | undefined, signal: AbortSignal): Promise<void> {
    const answer = await lookUp(revision ? { id, revision } : { id }, {
      base: this.#hub,
      signal,
      ...(this.token ? { token: this.token } : {}),
      onProgress: (progress) => {
        if (progress.type === "facts" && !signal.aborted) this.#show({ early: progress.facts });
      },
    });
    if (signal.aborted) return;
    if (answer.type === "failed") {
      if (!local) this.#show({ problem: { type: "hub", error: answer.error, facts: answer.facts }, busy: false });
      else this.#show({ busy: false, model: answer.facts ? { ...local, facts: answer.facts } : local });
      return;
    }
    const { facts, config } = answer;
    if (facts.id !== id) this.#rename(facts.id);
    // What only a token opens is not left behind in the browser.
    if (!this.token) void keep(id, revision, config, facts);
    await this.#weigh({ id: facts.id, config, facts, origin: { type: "hub", sha: facts.sha } }, signal);
  }

  /** The Hub's own spelling of an id goes into the address, without a step in the history. */
  #rename(id: string): void {
    const state = { ...this.view.state, model: id };
    history.replaceState(null, "", writeAddress(state));
    this.#show({ state });
  }

  async #weigh(model: Model, signal: AbortSignal, busy = false): Promise<void> {
    const { state } = this.view;
    let answer: Answer;
    let engine: Engine;
    try {
      engine = await this.#engine;
      answer = await engine.weigh(model.config, reportOptions(state));
    } catch {
      if (!signal.aborted) this.#show({ problem: { type: "blueprint" }, busy: false });
      return;
    }
    if (signal.aborted || state !== this.view.state) return;
    if ("error" in answer) this.#show({ problem: { type: "core", error: answer.error, model }, busy });
    else this.#show({ model, report: answer, problem: undefined, busy, fresh: true });
    await this.#fillMenus(engine, model, signal);
  }

  /** The choices of class and of LoRA's target modules: they follow the model and its class, not the other controls. */
  async #fillMenus(engine: Engine, model: Model, signal: AbortSignal): Promise<void> {
    const { report, state } = this.view;
    const options = { ...sizeOptions(state), tree: true };
    const key = `${model.config}\0${JSON.stringify(options)}`;
    if (!report || key === this.#menuFor) return;
    try {
      const answer = await engine.weigh(model.config, options);
      const classes = report.library === "transformers" ? await engine.classes(report.model_type) : noClasses;
      if (signal.aborted) return;
      this.#menuFor = key;
      this.#show({ classes, linear: "tree" in answer && answer.tree ? linearNames(answer.tree) : [] });
    } catch {
      // The menus stay as they are; the numbers are there.
    }
  }

  #show(part: Partial<View>): void {
    this.view = { ...this.view, ...part };
    this.dispatchEvent(new Event("view"));
  }
}
