// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import { count, integer, percent } from "../format.ts";
import { t } from "../messages/index.ts";
import { Part } from "./part.ts";
import { ltr, numberField, rich, segments } from "./words.ts";

/** How LoRA is done: by rank and target modules, from the model's real shapes, or by a share of the parameters. */
export class TareLora extends Part {
  protected override render(): TemplateResult {
    const { state, report } = this.view;
    const byRank = state.loraBy === "rank";
    const trained = byRank ? report?.lora?.trainable_parameters : report && (report.parameter_count * state.share) / 100;
    return html`<div class="controls lora">
        ${segments({
          name: "lora-by",
          legend: "lora.legend",
          value: state.loraBy,
          options: [
            { value: "rank", label: t("lora.by_rank") },
            { value: "share", label: t("lora.by_share") },
          ],
          onChange: (loraBy) => this.change({ loraBy }),
        })}
        ${byRank
          ? numberField({ id: "rank", label: "lora.rank", value: state.rank, min: 1, max: 65_536, step: 1, onChange: (rank) => this.change({ rank }) })
          : numberField({
              id: "share",
              label: "lora.share",
              unit: "unit.percent",
              value: state.share,
              min: 0.0001,
              max: 100,
              step: "any",
              onChange: (share) => this.change({ share }),
            })}
        <p class="trained">
          ${trained !== undefined && report
            ? rich("lora.trained", {
                n: html`<b class="number" title=${integer(trained)}>${ltr(count(trained))}</b>`,
                share: ltr(percent(trained / report.parameter_count)),
              })
            : ""}
        </p>
      </div>
      ${byRank ? this.#targets() : ""}`;
  }

  #targets(): TemplateResult {
    const { state, linear } = this.view;
    const all = state.targets.length === 0;
    // A target from the address that this model does not have stays visible, and can be taken away.
    const missing = state.targets.filter((target) => !linear.some(({ name }) => name === target));
    return html`<fieldset class="toggles targets">
      <legend>${t("lora.targets")}</legend>
      <label><input type="checkbox" .checked=${all} ?disabled=${all} @change=${() => this.change({ targets: [] })} /><span>${t("lora.all")}</span></label>
      ${[...linear, ...missing.map((name) => ({ name, modules: 0 }))].map(
        ({ name, modules }) => html`<label>
          <input type="checkbox" .checked=${state.targets.includes(name)} @change=${() => this.#toggle(name)} />
          <span><code dir="ltr">${name}</code> <small dir="ltr">× ${modules}</small></span>
        </label>`,
      )}
    </fieldset>`;
  }

  #toggle(name: string): void {
    const { targets } = this.view.state;
    this.change({ targets: targets.includes(name) ? targets.filter((one) => one !== name) : [...targets, name] });
  }
}

customElements.define("tare-lora", TareLora);
declare global {
  interface HTMLElementTagNameMap {
    "tare-lora": TareLora;
  }
}
