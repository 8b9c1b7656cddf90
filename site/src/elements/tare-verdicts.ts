// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Dtype, Fit, FitCell } from "tare";
import { decimal, gib } from "../format.ts";
import { t } from "../messages/index.ts";
import { chosenCard } from "../options.ts";
import { tasks } from "../state.ts";
import { cardsText, freeText } from "../verdict.ts";
import { Part } from "./part.ts";
import { bar, dtypeText, ltr, rich, verdictIcon } from "./words.ts";

/** What the chosen cards can do, for each dtype: run, train with LoRA, train in full. */
export class TareVerdicts extends Part {
  protected override render(): TemplateResult {
    const { state, report } = this.view;
    const card = chosenCard(state);
    const available = Math.max(0, (card.gib - state.reserve) * state.cards);
    return html`<div class="scroll" role="region" aria-labelledby="fit-title" tabindex="0">
        <table class="verdicts">
          <caption>
            ${rich("fit.caption", {
              cards: ltr(state.cards > 1 ? `${state.cards} × ${card.name || t("gpu.size", { n: card.gib })}` : card.name || t("gpu.size", { n: card.gib })),
              size: ltr(t("gpu.available", { n: decimal(available, available % 1 === 0 ? 0 : 1) })),
            })}
          </caption>
          <thead>
            <tr>
              <th scope="col">${t("sizes.dtype")}</th>
              ${tasks.map((task) => html`<th scope="col">${t(`task.${task}`)}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${state.dtypes.map((dtype) => this.#row(dtype, report?.fit?.find((fit) => fit.gpu === card.key && fit.dtype === dtype)))}
          </tbody>
        </table>
      </div>
      <details class="assumptions">
        <summary>${t("fit.how")}</summary>
        <ul>
          <li>${t("fit.how_run")}</li>
          <li>${t("fit.how_full")}</li>
          <li>${t("fit.how_lora")}</li>
          <li>${t("fit.how_overhead", { n: state.overhead })}</li>
          <li>${t("fit.how_memory", { n: state.reserve })}</li>
          <li>${t("fit.how_tight")}</li>
        </ul>
      </details>`;
  }

  #row(dtype: Dtype, fit: Fit | undefined): TemplateResult {
    return html`<tr class=${fit ? "" : "skeleton"}>
      <th scope="row">${dtypeText(dtype)}</th>
      ${tasks.map((task) => html`<td>${fit ? verdict(fit[task]) : html`<span></span>`}</td>`)}
    </tr>`;
  }
}

function verdict(cell: FitCell): TemplateResult {
  const word = t(`verdict.${cell.verdict}`);
  const detail = cell.verdict === "does_not_fit" ? cardsText(cell) : rich("verdict.free", { size: ltr(freeText(cell)) });
  if (cell.verdict === "not_applicable") return html`<span class="verdict not_applicable">${verdictIcon(cell.verdict)} ${word}</span>`;
  return html`<span class="verdict ${cell.verdict}">${verdictIcon(cell.verdict)} <b>${word}</b> <span class="detail">${detail}</span></span>
    ${bar(cell)}
    <span class="needed">${rich("fit.needs", { size: ltr(gib(cell.needed_bytes)) })}</span>`;
}

customElements.define("tare-verdicts", TareVerdicts);
declare global {
  interface HTMLElementTagNameMap {
    "tare-verdicts": TareVerdicts;
  }
}
