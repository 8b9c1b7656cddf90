// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { t } from "../messages/index.ts";
import type { Offline } from "../offline.ts";
import type { Store } from "../store.ts";
import { summary } from "../summary.ts";
import { Part } from "./part.ts";
import "./tare-counts.ts";
import "./tare-facts.ts";
import "./tare-hardware.ts";
import "./tare-lora.ts";
import "./tare-problem.ts";
import "./tare-search.ts";
import "./tare-share.ts";
import "./tare-sizes.ts";
import "./tare-verdicts.ts";

/** A summary is spoken when nothing has changed for this long, so that typing does not talk. */
const QUIET_MS = 700;

/** The page: shows the store's view, and takes to the store what its parts ask for. Properties: `store`, `root`, `hub`, `offline`. */
export class TareApp extends Part {
  static override properties = {
    ...Part.properties,
    store: { attribute: false },
    root: { attribute: false },
    hub: {},
    offline: { attribute: false },
    spoken: { state: true },
  };
  declare store: Store;
  declare root: URL;
  declare hub: string;
  declare offline: Offline | undefined;
  declare spoken: string;
  #timer = 0;
  override connectedCallback(): void {
    super.connectedCallback();
    this.spoken = "";
    this.view = this.store.view;
    this.store.addEventListener("view", () => (this.view = this.store.view));
    this.addEventListener("tare-change", (event) => this.store.change(event.detail));
    this.addEventListener("tare-open", (event) => void this.store.open(event.detail));
    this.addEventListener("tare-say", (event) => (this.spoken = event.detail));
    this.addEventListener("tare-retry", () => void this.store.retry());
    this.addEventListener("tare-token", (event) => {
      this.store.token = event.detail;
      void this.store.retry();
    });
  }

  protected override render(): TemplateResult {
    const { view, hub } = this;
    const first = view.state.model === "" && view.state.pasted === "";
    return html`<tare-search .view=${view} .hub=${hub}></tare-search>
      <tare-problem .view=${view}></tare-problem>
      <div class="result" ?hidden=${!view.report && view.problem !== undefined} ?data-stale=${view.busy && !view.fresh} aria-busy=${view.busy}>
        ${first ? html`<p class="note example">${t("example.note")}</p>` : ""}
        <tare-facts .view=${view} .hub=${hub}></tare-facts>
        <tare-counts .view=${view}></tare-counts>
        <section><tare-sizes .view=${view}></tare-sizes></section>
        <section>
          <h2 id="fit-title">${t("fit.title")}</h2>
          <tare-hardware .view=${view}></tare-hardware>
          <tare-lora .view=${view}></tare-lora>
          <tare-verdicts .view=${view}></tare-verdicts>
          <details class="all-gpus" ?open=${view.state.allGpus} @toggle=${this.#toggled}>
            <summary>${t("list.title")}</summary>
            ${view.state.allGpus ? html`<tare-gpu-list .view=${view}></tare-gpu-list>` : ""}
          </details>
        </section>
        <tare-share .view=${view} .root=${this.root}></tare-share>
      </div>
      <p class="note" role="status">${this.offline?.ready ? t("offline.ready") : ""}</p>
      ${this.offline?.update
        ? html`<p class="update" role="status">
            ${t("offline.update")} <button type="button" @click=${this.offline.update}>${t("offline.reload")}</button>
          </p>`
        : ""}
      <p class="visually-hidden" role="status">${this.spoken}</p>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (!changed.has("view")) return;
    if (this.view.state.allGpus) void import("./tare-gpu-list.ts");
    const name = this.view.model?.id || t("facts.pasted");
    document.title = this.view.state.model || this.view.state.pasted ? t("page.title_of", { model: name }) : t("page.title");
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.spoken = summary(this.view)), QUIET_MS);
  }

  #toggled(event: Event): void {
    const { open } = event.target as HTMLDetailsElement;
    if (event.target === event.currentTarget && open !== this.view.state.allGpus) this.change({ allGpus: open });
  }
}

customElements.define("tare-app", TareApp);
declare global {
  interface HTMLElementTagNameMap {
    "tare-app": TareApp;
  }
}
