// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { PropertyValues, TemplateResult } from "lit";
import { LitElement } from "lit";
import { t } from "../messages/index.ts";
import { ltr } from "./words.ts";

export interface Choice {
  value: string;
  /** Said after the value, in smaller letters. */
  detail?: string;
}

let made = 0;

/**
 * A text field with suggestions, after the combobox pattern of ARIA 1.2.
 *
 * Properties: `label` (id of the element that labels it), `value`, `choices` (what fits the text; the owner filters), `placeholder`,
 * `field` (id of the input). Events: `typed` (text), `choose` (a choice's value, or the text where none is active), `settled` (text that
 * was typed when the field was left).
 */
export class TareCombobox extends LitElement {
  static override properties = {
    field: {},
    value: {},
    placeholder: {},
    choices: { attribute: false },
    expanded: { state: true },
    active: { state: true },
  };
  declare field: string;
  declare value: string;
  declare placeholder: string;
  declare choices: readonly Choice[];
  declare expanded: boolean;
  declare active: number;
  readonly #list = `choices-${++made}`;

  constructor() {
    super();
    this.field = "";
    this.value = "";
    this.placeholder = "";
    this.choices = [];
    this.expanded = false;
    this.active = -1;
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  get input(): HTMLInputElement | null {
    return this.querySelector("input");
  }

  protected override render(): TemplateResult {
    const open = this.expanded && this.choices.length > 0;
    return html`<input
        id=${this.field}
        type="text"
        role="combobox"
        dir="ltr"
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        enterkeyhint="go"
        aria-autocomplete="list"
        aria-expanded=${open}
        aria-controls=${this.#list}
        aria-activedescendant=${open && this.active >= 0 ? `${this.#list}-${this.active}` : ""}
        placeholder=${this.placeholder}
        @input=${this.#typed}
        @keydown=${this.#key}
        @click=${() => this.#open()}
        @blur=${() => (this.expanded = false)}
        @change=${() => this.#emit("settled", this.input?.value ?? "")}
      />
      <ul id=${this.#list} role="listbox" aria-label=${t("combobox.list")} ?hidden=${!open} @pointerdown=${(e: Event) => e.preventDefault()}>
        ${open
          ? this.choices.map(
              ({ value, detail }, i) => html`<li
                id="${this.#list}-${i}"
                role="option"
                aria-selected=${i === this.active}
                @click=${() => this.#choose(value)}
              >
                ${ltr(value)}${detail ? html` <small>${ltr(detail)}</small>` : ""}
              </li>`,
            )
          : ""}
      </ul>
      <span class="visually-hidden" role="status">${open ? t("combobox.count", { n: this.choices.length }) : ""}</span>`;
  }

  protected override updated(changed: PropertyValues): void {
    if (changed.has("value") && this.input) this.input.value = this.value;
    if (changed.has("choices")) this.active = Math.min(this.active, this.choices.length - 1);
    if (changed.has("active")) this.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }

  #open(): void {
    this.#emit("typed", "");
    this.expanded = true;
    this.active = -1;
    this.input?.select();
  }

  #typed(event: Event): void {
    event.stopPropagation();
    this.expanded = true;
    this.active = -1;
    this.#emit("typed", this.input?.value ?? "");
  }

  #key(event: KeyboardEvent): void {
    const last = this.choices.length - 1;
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      if (!this.expanded) return this.#open();
      this.active = this.active + step > last ? -1 : this.active + step < -1 ? last : this.active + step;
    } else if (event.key === "Enter") {
      event.preventDefault();
      const chosen = this.expanded ? this.choices[this.active] : undefined;
      this.#choose(chosen?.value ?? this.input?.value ?? "");
    } else if (event.key === "Escape") {
      event.preventDefault();
      if (!this.expanded && this.input) this.input.value = this.value;
      this.expanded = false;
    }
  }

  #choose(value: string): void {
    this.expanded = false;
    if (this.input) this.input.value = value;
    this.#emit("choose", value);
  }

  #emit(name: "typed" | "choose" | "settled", text: string): void {
    this.dispatchEvent(new CustomEvent(name, { detail: text }));
  }
}

customElements.define("tare-combobox", TareCombobox);
declare global {
  interface HTMLElementTagNameMap {
    "tare-combobox": TareCombobox;
  }
}
