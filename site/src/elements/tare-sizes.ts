// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Dtype, Report, Row } from "tare";
import { accelerateDivisor, integer } from "../format.ts";
import { t } from "../messages/index.ts";
import { dtypes } from "../state.ts";
import { Part } from "./part.ts";
import { dtypeText, ltr, rich } from "./words.ts";

const columns = ["layer", "total", "training"] as const;
type Column = (typeof columns)[number];
const DIVISORS: Record<Dtype, number> = { float32: 1, float16: 2, int8: 4, int4: 8 };

/** The table that `accelerate estimate-memory` prints. Every number opens to how it was made. */
export class TareSizes extends Part {
  static override properties = { ...Part.properties, opened: { state: true } };
  /** `float32 total`: the number whose making is shown. */
  declare opened: string;

  constructor() {
    super();
    this.opened = "";
  }

  protected override render(): TemplateResult {
    const { state, report } = this.view;
    return html`<div class="heading">
        <h2 id="sizes-title">${t("sizes.title")}</h2>
        <fieldset class="toggles">
          <legend class="visually-hidden">${t("sizes.dtypes")}</legend>
          ${dtypes.map((dtype) => this.#toggle(dtype))}
        </fieldset>
      </div>
      <div class="scroll" role="region" aria-labelledby="sizes-title" tabindex="0">
        <table class="sizes">
          <caption class="visually-hidden">${t("sizes.caption")}</caption>
          <thead>
            <tr>
              <th scope="col">${t("sizes.dtype")}</th>
              ${columns.map((column) => html`<th scope="col" class="number">${t(`sizes.${column}`)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${state.dtypes.map((dtype) => {
              const row = report?.rows.find((one) => one.dtype === dtype);
              return row && report ? this.#row(row, report) : skeleton(dtype);
            })}
          </tbody>
        </table>
      </div>
      ${state.dtypes.some((dtype) => dtype === "int8" || dtype === "int4") ? html`<p class="note">${t("sizes.no_training")}</p>` : ""}`;
  }

  #toggle(dtype: Dtype): TemplateResult {
    const chosen = this.view.state.dtypes;
    const on = chosen.includes(dtype);
    const next = dtypes.filter((one) => (one === dtype ? !on : chosen.includes(one)));
    return html`<label>
      <input
        type="checkbox"
        .checked=${on}
        ?disabled=${on && chosen.length === 1}
        @change=${() => this.change({ dtypes: next })}
      /><span>${dtypeText(dtype)}</span>
    </label>`;
  }

  #row(row: Row, report: Report): TemplateResult {
    const cells = columns.map((column, i) => {
      const key = `${row.dtype} ${column}`;
      if (column === "training" && row.training_bytes === null) return html`<td class="number muted">${t("sizes.not_trained")}</td>`;
      return html`<td class="number">
        <button
          type="button"
          class="open"
          aria-expanded=${this.opened === key}
          aria-controls="why-${row.dtype}"
          @click=${() => (this.opened = this.opened === key ? "" : key)}
        >
          ${ltr(row.text[i] ?? "")}
        </button>
      </td>`;
    });
    const open = columns.find((column) => this.opened === `${row.dtype} ${column}`);
    return html`<tr>
        <th scope="row">${dtypeText(row.dtype)}</th>
        ${cells}
      </tr>
      <tr class="why" id="why-${row.dtype}" ?hidden=${!open}>
        <td colspan="4">${open ? explain(open, row, report) : ""}</td>
      </tr>`;
  }
}

function skeleton(dtype: Dtype): TemplateResult {
  return html`<tr class="skeleton">
    <th scope="row">${dtypeText(dtype)}</th>
    ${columns.map(() => html`<td class="number"><span></span></td>`)}
  </tr>`;
}

/** How a number was made, with the values put in. */
function explain(column: Column, row: Row, report: Report): TemplateResult {
  const base = column === "layer" ? report.largest_layer_bytes : (report.rows.find((one) => one.dtype === "float32")?.total_bytes ?? 0);
  const bytes = { layer: row.largest_layer_bytes, total: row.total_bytes, training: row.training_bytes ?? 0 }[column];
  const divisor = DIVISORS[row.dtype];
  const rule = column === "training" ? `why.training_${row.dtype === "float32" ? "full" : "mixed"}` : `why.${column}`;
  const factor = column === "training" ? (row.dtype === "float32" ? " × 4" : " × 2") : divisor === 1 ? "" : ` ÷ ${divisor}`;
  const { unit, power } = accelerateDivisor(bytes);
  const steps = [
    factor ? `${integer(base)}${factor} = ${integer(bytes)}` : integer(bytes),
    power > 0 ? `${integer(bytes)} ÷ 1024${["", "", "²", "³", "⁴", "⁵"][power]} = ${row.text[columns.indexOf(column)]}` : unit,
  ];
  return html`<p>${t(rule as "why.layer")}${column !== "layer" && divisor > 1 && column === "total" ? html` ${t("why.divided", { n: divisor })}` : ""}</p>
    <p class="formula">${steps.map((step) => html`<span>${ltr(step)}</span>`)}</p>
    ${column === "layer" ? html`<p>${rich("why.layer_names", { names: names(report.largest_layer_names) })}</p>` : ""}`;
}

function names(all: string[]): TemplateResult {
  const rest = all.length - 3;
  return html`${all.slice(0, 3).map((name, i) => html`${i > 0 ? ", " : ""}<code dir="ltr">${name || t("why.root")}</code>`)}
  ${rest > 0 ? t("why.more_names", { n: rest }) : ""}`;
}

customElements.define("tare-sizes", TareSizes);
declare global {
  interface HTMLElementTagNameMap {
    "tare-sizes": TareSizes;
  }
}
