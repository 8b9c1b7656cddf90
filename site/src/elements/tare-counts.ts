// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import { accelerateText } from "../format.ts";
import { t } from "../messages/index.ts";
import type { Way } from "../state.ts";
import { Part } from "./part.ts";
import { ltr, rich, segments } from "./words.ts";

const ways: readonly Way[] = ["accelerate", "published"];

/** The ways of counting with their totals, and the choice of library and class. */
export class TareCounts extends Part {
  protected override render(): TemplateResult {
    const { state, report } = this.view;
    const options = ways.map((way) => {
      const count = report?.counts.find((one) => one.way === way);
      const total = count ? ltr(accelerateText(count.total_bytes)) : t("counts.unknown");
      return { value: way, label: html`${t(`counts.${way}`)} <b class="number">${total}</b>` };
    });
    return html`<div class="counts">
        ${segments({ name: "counted", legend: "counts.legend", value: state.counted, options, onChange: (counted) => this.change({ counted }) })}
        <div class="field">
          <label for="library">${t("library.label")}</label>
          <select id="library" .value=${state.library} @change=${this.#library}>
            <option value="auto">${t("library.auto")}</option>
            <option value="transformers">transformers</option>
            <option value="timm">timm</option>
          </select>
        </div>
        ${report?.library === "timm" ? "" : this.#classes()}
      </div>
      <p class="note">${rich(`counts.${state.counted}_${state.modelClass && report?.library !== "timm" ? "chosen" : "note"}`, { class: ltr(report?.class ?? "") })}</p>`;
  }

  #classes(): TemplateResult {
    const { state, classes } = this.view;
    const option = (name: string): TemplateResult => html`<option value=${name} ?selected=${name === state.modelClass}>${name}</option>`;
    const known = [...classes.auto, ...classes.named].includes(state.modelClass);
    return html`<div class="field">
      <label for="class">${t("class.label")}</label>
      <select id="class" @change=${(e: Event) => this.change({ modelClass: (e.target as HTMLSelectElement).value })}>
        <option value="" ?selected=${state.modelClass === ""}>${t("class.auto")}</option>
        ${state.modelClass && !known ? option(state.modelClass) : ""}
        <optgroup label=${t("class.autos")}>${classes.auto.map(option)}</optgroup>
        <optgroup label=${t("class.named")}>${classes.named.map(option)}</optgroup>
      </select>
    </div>`;
  }

  #library(event: Event): void {
    const { value } = event.target as HTMLSelectElement;
    this.change({ library: value === "transformers" || value === "timm" ? value : "auto", modelClass: "" });
  }
}

customElements.define("tare-counts", TareCounts);
declare global {
  interface HTMLElementTagNameMap {
    "tare-counts": TareCounts;
  }
}
