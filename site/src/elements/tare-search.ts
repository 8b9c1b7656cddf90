// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { examples } from "../examples.ts";
import { searchModels } from "../hub/index.ts";
import { isWriting } from "../keys.ts";
import { t } from "../messages/index.ts";
import { recent } from "../model-source.ts";
import { Part } from "./part.ts";
import "./tare-combobox.ts";
import type { Choice, TareCombobox } from "./tare-combobox.ts";
import { ltr } from "./words.ts";

/** The Hub is asked to complete a name only after this long without a key. */
const PAUSE_MS = 250;
const SHOWN = 6;

/**
 * The one box: an id, any address of the Hub, a pasted config.json; a file by its button or dropped anywhere on the page.
 * Property `hub`: base URL of the Hub. Fires `tare-open`.
 */
export class TareSearch extends Part {
  static override properties = { ...Part.properties, hub: {}, choices: { state: true }, seen: { state: true }, dropping: { state: true } };
  declare hub: string;
  declare choices: Choice[];
  declare seen: string[];
  declare dropping: boolean;
  #timer = 0;
  #asking = new AbortController();

  constructor() {
    super();
    this.choices = [];
    this.seen = [];
    this.dropping = false;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("dragover", this.#over);
    addEventListener("dragleave", this.#leave);
    addEventListener("drop", this.#drop);
    addEventListener("paste", this.#pasteAnywhere);
    void recent().then((ids) => (this.seen = ids));
  }

  override disconnectedCallback(): void {
    removeEventListener("dragover", this.#over);
    removeEventListener("dragleave", this.#leave);
    removeEventListener("drop", this.#drop);
    removeEventListener("paste", this.#pasteAnywhere);
    super.disconnectedCallback();
  }

  protected override render(): TemplateResult {
    const { state, model } = this.view;
    return html`<div class="search ${this.dropping ? "dropping" : ""}">
        <label for="model">${t("search.label")}</label>
        <div class="box">
          <tare-combobox
            field="model"
            .value=${state.pasted ? "" : state.model}
            .choices=${this.choices}
            placeholder=${state.pasted ? t("search.pasted") : t("search.placeholder")}
            @typed=${(e: CustomEvent<string>) => this.#suggest(e.detail)}
            @choose=${(e: CustomEvent<string>) => this.open(e.detail)}
            @paste=${this.#paste}
          ></tare-combobox>
          <button type="button" class="primary" @click=${() => this.open(this.#box?.input?.value ?? "")}>${t("search.go")}</button>
          <label class="button file">
            <input type="file" accept=".json,application/json" class="visually-hidden" @change=${this.#picked} />
            <span>${t("search.file")}</span>
          </label>
        </div>
      </div>
      <ul class="chips" aria-label=${t("search.examples")}>
        ${examples.slice(0, SHOWN).map((example) => this.#chip(example.id, example.id === model?.id))}
        <li>
          <details class="more">
            <summary>${t("search.more")}</summary>
            <ul class="chips">
              ${examples.slice(SHOWN).map((example) => this.#chip(example.id, example.id === model?.id))}
            </ul>
          </details>
        </li>
      </ul>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    // A model that was just read belongs to the suggestions.
    if (changed.has("view") && changed.get("view")?.model !== this.view.model) void recent().then((ids) => (this.seen = ids));
  }

  get #box(): TareCombobox | null {
    return this.querySelector("tare-combobox");
  }

  #chip(id: string, current: boolean): TemplateResult {
    const short = id.slice(id.indexOf("/") + 1);
    return html`<li>
      <button type="button" class="chip" aria-current=${current ? "true" : "false"} title=${id} @click=${() => this.open(id)}>
        ${ltr(short)}
      </button>
    </li>`;
  }

  #suggest(text: string): void {
    clearTimeout(this.#timer);
    this.#asking.abort();
    const known = [...new Set([...this.seen, ...examples.map((example) => example.id)])];
    const matches = known.filter((id) => id.toLowerCase().includes(text.trim().toLowerCase()));
    this.choices = matches.map((value) => ({ value }));
    if (/^[\w./-]{2,100}$/.test(text.trim())) this.#timer = window.setTimeout(() => void this.#complete(text.trim(), matches), PAUSE_MS);
  }

  async #complete(text: string, matches: string[]): Promise<void> {
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const answer = await searchModels(text, { base: this.hub, signal });
    if (signal.aborted || answer.type === "failed") return;
    this.choices = [...new Set([...matches, ...answer.ids])].slice(0, 20).map((value) => ({ value }));
  }

  /** A pasted config acts at once and is not squeezed into the one line of the box. */
  #paste(event: ClipboardEvent): void {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!/[\n{]/.test(text.trim())) return;
    event.preventDefault();
    event.stopPropagation();
    this.open(text);
  }

  readonly #pasteAnywhere = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData("text") ?? "";
    if (!isWriting(event.target) && text.trim() !== "") this.open(text);
  };

  readonly #over = (event: DragEvent): void => {
    event.preventDefault();
    this.dropping = true;
  };

  readonly #leave = (event: DragEvent): void => {
    if (event.relatedTarget === null) this.dropping = false;
  };

  readonly #drop = (event: DragEvent): void => {
    event.preventDefault();
    this.dropping = false;
    const file = event.dataTransfer?.files[0];
    if (file) void this.#read(file);
    else this.open(event.dataTransfer?.getData("text") ?? "");
  };

  #picked(event: Event): void {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) void this.#read(file);
    input.value = "";
  }

  /** Weight files are dropped by mistake: only so much of a file is read as can be a config. */
  async #read(file: File): Promise<void> {
    const text = await file.slice(0, 16 * 1024 * 1024).text();
    this.open(text.trimStart().startsWith("{") ? text : "[]");
  }
}

customElements.define("tare-search", TareSearch);
declare global {
  interface HTMLElementTagNameMap {
    "tare-search": TareSearch;
  }
}
