// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { Report } from "tare";
import { count, date, integer } from "../format.ts";
import { hasMessage, t } from "../messages/index.ts";
import type { Model } from "../model-source.ts";
import { Part } from "./part.ts";
import { ltr, movedNote, rich } from "./words.ts";

/** What the model is, in one line, and where that is known from, in another. Property `hub`: base URL of the Hub. */
export class TareFacts extends Part {
  static override properties = { ...Part.properties, hub: {} };
  declare hub: string;

  protected override render(): TemplateResult {
    const { model, report, state, early, busy } = this.view;
    if (!model || !report) return html`<h2 class="model">${ltr(state.model)}</h2><p class="facts">${early ? this.#early() : t("facts.loading")}</p>`;
    const facts = [
      ltr(report.class),
      rich("facts.parameters", { n: ltr(count(report.parameter_count)) }),
      ...this.#attributes(report),
    ];
    return html`<h2 class="model">${model.id ? html`<a href="${this.hub}/${model.id}" rel="noreferrer">${ltr(model.id)}</a>` : t("facts.pasted")}</h2>
      <p class="facts">${facts.map((fact) => html`<span>${fact}</span>`)}</p>
      <p class="source">${this.#origin(model)} ${model.facts ? movedNote(model.facts) : ""} ${rich("facts.source", { source: ltr(report.source) })} ${busy ? t("facts.asking") : ""}</p>`;
  }

  /** Attributes of the config that have words; config classes give some under two names. */
  #attributes(report: Report): unknown[] {
    const said = new Set<string>();
    return report.facts.flatMap(({ key, value }) => {
      const label = `facts.${key}`;
      if (!hasMessage(label) || said.has(t(label, { n: "" }))) return [];
      said.add(t(label, { n: "" }));
      return [rich(label, { n: ltr(typeof value === "number" ? integer(value) : value.replace(/^torch\./, "")) })];
    });
  }

  #early(): unknown {
    const facts = this.view.early;
    return facts ? rich("facts.early", { type: ltr(facts.modelType ?? facts.kind) }) : "";
  }

  #origin(model: Model): unknown {
    const { origin } = model;
    if (origin.type === "hub") return rich("origin.hub", { sha: ltr(origin.sha.slice(0, 7)) });
    if (origin.type === "kept") return rich("origin.kept", { sha: ltr(origin.sha.slice(0, 7)), date: date(origin.date) });
    if (origin.type === "example") return t(origin.complete ? "origin.example" : "origin.example_reduced");
    return t("origin.pasted");
  }
}

customElements.define("tare-facts", TareFacts);
declare global {
  interface HTMLElementTagNameMap {
    "tare-facts": TareFacts;
  }
}
