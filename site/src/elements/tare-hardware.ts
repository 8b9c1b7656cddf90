// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import { findGpu, fullName, searchGpus } from "../gpus.ts";
import { t } from "../messages/index.ts";
import { chosenCard } from "../options.ts";
import { Part } from "./part.ts";
import "./tare-combobox.ts";
import type { Choice } from "./tare-combobox.ts";
import { numberField } from "./words.ts";

/** What there is to run on: a GPU by name or a size in GiB, how many, what is kept free, and the overhead that is assumed. */
export class TareHardware extends Part {
  static override properties = { ...Part.properties, choices: { state: true } };
  declare choices: Choice[];

  constructor() {
    super();
    this.choices = [];
  }

  protected override render(): TemplateResult {
    const { state } = this.view;
    const gpu = findGpu(state.gpu);
    return html`<div class="controls">
      <div class="field grow">
        <label for="gpu">${t("gpu.label")}</label>
        <tare-combobox
          field="gpu"
          .value=${gpu ? fullName(gpu) : ""}
          .choices=${this.choices}
          placeholder=${t("gpu.custom")}
          @typed=${(e: CustomEvent<string>) => this.#suggest(e.detail)}
          @choose=${(e: CustomEvent<string>) => this.#choose(e.detail)}
          @settled=${(e: CustomEvent<string>) => this.#settle(e.detail)}
        ></tare-combobox>
      </div>
      ${this.#memory()}
      ${numberField({ id: "cards", label: "gpu.cards", value: state.cards, min: 1, max: 1024, step: 1, onChange: (cards) => this.change({ cards }) })}
      ${numberField({
        id: "reserve",
        label: "gpu.reserve",
        unit: "unit.gib",
        hint: "gpu.reserve_hint",
        value: state.reserve,
        min: 0,
        max: 10_000,
        step: "any",
        onChange: (reserve) => this.change({ reserve }),
      })}
      ${numberField({
        id: "overhead",
        label: "gpu.overhead",
        unit: "unit.percent",
        hint: "gpu.overhead_hint",
        value: state.overhead,
        min: 0,
        max: 1000,
        step: "any",
        onChange: (overhead) => this.change({ overhead }),
      })}
    </div>`;
  }

  /** The sizes that a GPU was sold with, or a field for any size. */
  #memory(): TemplateResult {
    const { state } = this.view;
    const gpu = findGpu(state.gpu);
    const { gib } = chosenCard(state);
    if (!gpu) {
      const onChange = (memory: number): void => this.change({ memory });
      return numberField({ id: "memory", label: "gpu.memory", unit: "unit.gib", value: gib, min: 0.1, max: 1_000_000, step: "any", onChange });
    }
    const sizes = gpu.memory.includes(gib) ? gpu.memory : [...gpu.memory, gib];
    return html`<div class="field">
      <label for="memory">${t("gpu.memory")}</label>
      <select id="memory" dir="ltr" ?disabled=${sizes.length === 1} @change=${(e: Event) => this.change({ memory: Number((e.target as HTMLSelectElement).value) })}>
        ${sizes.map((size) => html`<option value=${size} ?selected=${size === gib}>${t("gpu.size", { n: size })}</option>`)}
      </select>
    </div>`;
  }

  #suggest(text: string): void {
    const found = searchGpus(text);
    this.choices = [
      ...found.map((gpu) => ({ value: fullName(gpu), detail: t("gpu.size", { n: gpu.memory.join(" / ") }) })),
      { value: t("gpu.custom") },
    ];
  }

  /** What was typed and left counts too; an emptied field says again what is chosen. */
  #settle(text: string): void {
    const { gpu } = this.view.state;
    const box = this.querySelector("tare-combobox");
    if (text.trim() === "" && box?.input) box.input.value = box.value;
    else if (text !== gpu) this.#choose(text);
  }

  /** A listed name, a size such as "24 GB", or the word for a size of one's own. */
  #choose(text: string): void {
    const listed = findGpu(text) ?? (text.trim() ? searchGpus(text)[0] : undefined);
    const size = Number(text.match(/^\s*([\d.]+)\s*(?:gi?b)?\s*$/i)?.[1]);
    if (size > 0) this.change({ gpu: "", memory: size });
    else if (text === t("gpu.custom") || !listed) this.change({ gpu: "", memory: chosenCard(this.view.state).gib });
    else this.change({ gpu: fullName(listed), memory: 0 });
    this.requestUpdate();
  }
}

customElements.define("tare-hardware", TareHardware);
declare global {
  interface HTMLElementTagNameMap {
    "tare-hardware": TareHardware;
  }
}

