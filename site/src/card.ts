// SPDX-License-Identifier: Apache-2.0
import { css, html, LitElement } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import type { Report } from "tare";
import { startEngine } from "./engine.ts";
import type { Engine } from "./engine.ts";
import { HUB, lookUp } from "./hub/index.ts";
import { findGpu, fullName } from "./gpus.ts";
import { pieces, t } from "./messages/index.ts";
import { readExample } from "./model-source.ts";
import { dtypeLabel } from "./names.ts";
import { chosenCard, reportOptions } from "./options.ts";
import { sentence } from "./problem.ts";
import { initialState, readAddress, writeAddress } from "./state.ts";
import type { PageState } from "./state.ts";
import { verdictText } from "./verdict.ts";

const root = new URL(/* @vite-ignore */ "./", import.meta.url); // this script, wherever it was put
let engine: Promise<Engine> | undefined;

/** "NVIDIA RTX 4090", "NVIDIA A100 80" or "48": a listed card, one of its sizes, or any size in GiB. */
export function readGpu(text: string): Pick<PageState, "gpu" | "memory"> {
  const whole = findGpu(text);
  if (whole) return { gpu: fullName(whole), memory: 0 };
  const [, name = "", size = ""] = text.match(/^(.*?)\s*([\d.]+)\s*(?:gi?b)?\s*$/i) ?? [];
  const listed = findGpu(name);
  if (listed && Number(size) > 0) return { gpu: fullName(listed), memory: Number(size) };
  return Number(size) > 0 && name === "" ? { gpu: "", memory: Number(size) } : { gpu: initialState.gpu, memory: 0 };
}

/**
 * What a model weighs, for other people's pages.
 *
 * Attributes: `model` (id on the Hub), `dtypes` ("float16,int4"), `gpu` (see `readGpu`), `cards`, `count` ("accelerate" or
 * "published"), `class-name`, `hub` (base URL of a mirror). Property `state` takes all of the page's state instead.
 * Slot: what is shown where scripts do not run, a link for instance. Event `tare-weighed` when the numbers are there.
 * Part: `table`.
 */
export class TareCard extends LitElement {
  static override properties = {
    model: {},
    dtypes: {},
    gpu: {},
    cards: {},
    count: {},
    modelClass: { attribute: "class-name" },
    hub: {},
    base: { attribute: false },
    state: { attribute: false },
    report: { state: true },
    failure: { state: true },
  };
  declare model: string | null;
  declare dtypes: string | null;
  declare gpu: string | null;
  declare cards: string | null;
  declare count: string | null;
  declare modelClass: string | null;
  declare hub: string | null;
  /** The folder that the site lies in; left out: where this script came from. */
  declare base: URL | undefined;
  declare state: PageState | undefined;
  declare report: Report | undefined;
  declare failure: string;
  #work = new AbortController();

  static override styles = css`
    :host { display: block; max-inline-size: 40rem; font: 14px/1.45 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
    article { border: 1px solid light-dark(#dcdfe5, #2e333d); border-radius: 8px; background: light-dark(#fff, #181b21); color: light-dark(#171a20, #e8eaef); }
    header, p { padding: 0.55rem 0.8rem; margin: 0; display: flex; flex-wrap: wrap; gap: 0 0.75rem; justify-content: space-between; }
    b { overflow-wrap: anywhere; }
    a { color: light-dark(#0b57d0, #8ab4f8); }
    small, thead th { color: light-dark(#565d6b, #a5adba); font-size: 0.8rem; font-weight: 500; }
    div { overflow-x: auto; }
    table { border-collapse: collapse; inline-size: 100%; }
    th, td { padding: 0.35rem 0.8rem; text-align: start; font-weight: 500; border-block-start: 1px solid light-dark(#dcdfe5, #2e333d); }
    .number { text-align: end; white-space: nowrap; }
    .fits { color: light-dark(#0b57d0, #8ab4f8); }
    .tight { color: light-dark(#8a5a00, #f0b94a); }
    .does_not_fit { color: light-dark(#b3400a, #ff9e6d); }
  `;

  constructor() {
    super();
    this.failure = "";
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const asked = ["model", "dtypes", "gpu", "cards", "count", "modelClass", "hub", "state"] as const;
    if (!this.hasUpdated || asked.some((name) => changed.has(name))) void this.#weigh();
  }

  protected override render(): TemplateResult {
    const state = this.#state();
    const link = new URL(writeAddress(state) || "./", this.base ?? root).href;
    if (!this.report) return html`<article aria-busy=${!this.failure}><p>${this.failure || t("card.loading", { model: state.model })} <slot></slot></p></article>`;
    return html`<article>
      <header>
        <b><bdi dir="ltr">${state.model}</bdi></b>
        <a href=${link} target="_blank" rel="noopener">${t("card.link")}</a>
      </header>
      ${this.#table(state, this.report)}
      <p><small>${t(`counts.${state.counted}`)} · <bdi dir="ltr">${this.report.class}</bdi></small>
        <small>${pieces("facts.source", { source: html`<bdi dir="ltr">${this.report.source}</bdi>` })}</small></p>
    </article>`;
  }

  #table(state: PageState, report: Report): TemplateResult {
    const card = chosenCard(state);
    const gpu = `${state.cards > 1 ? `${state.cards} × ` : ""}${card.name} ${t("gpu.size", { n: card.gib })}`;
    const rows = report.rows.filter((row) => state.dtypes.includes(row.dtype));
    return html`<div role="region" tabindex="0" aria-label=${t("card.region", { model: state.model })}>
      <table part="table">
        <thead>
          <tr>
            <th scope="col">${t("sizes.dtype")}</th>
            <th scope="col" class="number">${t("sizes.total")}</th>
            <th scope="col" class="number">${t("sizes.training")}</th>
            <th scope="col">${t("task.run")}: <bdi dir="ltr">${gpu}</bdi></th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => {
            const cell = report.fit?.find((fit) => fit.dtype === row.dtype)?.run;
            return html`<tr>
              <th scope="row"><bdi dir="ltr">${dtypeLabel(row.dtype)}</bdi></th>
              <td class="number"><bdi dir="ltr">${row.text[1]}</bdi></td>
              <td class="number"><bdi dir="ltr">${row.text[2]}</bdi></td>
              <td class=${cell?.verdict ?? ""}>${cell ? verdictText(cell) : ""}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>`;
  }

  /** Attributes go through the same reading as an address, so that hostile or mistyped ones fall back to the defaults. */
  #state(): PageState {
    if (this.state) return this.state;
    const query = new URLSearchParams();
    const given = { m: this.model, dtypes: this.dtypes, cards: this.cards, count: this.count, class: this.modelClass };
    for (const [key, value] of Object.entries(given)) if (value) query.set(key, value);
    return { ...readAddress({ search: `?${query}`, hash: "" }), ...readGpu(this.gpu ?? "") };
  }

  async #weigh(): Promise<void> {
    this.#work.abort();
    this.#work = new AbortController();
    const { signal } = this.#work;
    const { report, failure } = await this.#read(this.#state(), signal);
    if (signal.aborted) return;
    this.report = report;
    this.failure = failure;
    await this.updateComplete;
    this.dispatchEvent(new Event("tare-weighed"));
  }

  async #read(state: PageState, signal: AbortSignal): Promise<{ report: Report | undefined; failure: string }> {
    const failed = (failure: string): { report: undefined; failure: string } => ({ report: undefined, failure });
    if (!state.model) return failed(t("card.no_model"));
    const folder = this.base ?? root;
    try {
      engine ??= startEngine(folder);
      const example = state.revision ? undefined : await readExample(state.model, folder);
      let config = example?.config;
      if (config === undefined) {
        const reference = { id: state.model, ...(state.revision ? { revision: state.revision } : {}) };
        const answer = await lookUp(reference, { base: this.hub ?? HUB, signal });
        if (answer.type === "failed") return failed(sentence({ type: "hub", error: answer.error }));
        config = answer.config;
      }
      const answer = await (await engine).weigh(config, reportOptions(state));
      return "error" in answer ? failed(sentence({ type: "core", error: answer.error })) : { report: answer, failure: "" };
    } catch {
      return failed(sentence({ type: "blueprint" }));
    }
  }
}

customElements.define("tare-card", TareCard);
declare global {
  interface HTMLElementTagNameMap {
    "tare-card": TareCard;
  }
}
