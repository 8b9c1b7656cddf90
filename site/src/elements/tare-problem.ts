// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import { hubFacts } from "../hub-facts.ts";
import type { ModelFacts } from "../hub/index.ts";
import { t } from "../messages/index.ts";
import { nextStep, sentence } from "../problem.ts";
import { Part } from "./part.ts";
import { ltr, movedNote, rich } from "./words.ts";

const TOKENS = "https://huggingface.co/settings/tokens/new?canReadGatedRepos=true&tokenType=fineGrained";

/** One sentence for what went wrong, and the next step. Fires `tare-token` and `tare-retry`. */
export class TareProblem extends Part {
  protected override render(): TemplateResult | "" {
    const { problem, report, model } = this.view;
    if (!problem) return "";
    const step = nextStep(problem);
    const link = problem.type === "hub" ? problem.error.link : undefined;
    const base = problem.type === "hub" ? problem.error.baseModel : undefined;
    const facts = problem.type === "hub" ? problem.facts : undefined;
    return html`<div class="problem" role="alert">
      <p>${sentence(problem)} ${link ? html`<a href=${link} rel="noreferrer">${t("problem.see")}</a>` : ""}</p>
      ${facts ? known(facts) : ""}
      ${base ? html`<p><button type="button" @click=${() => this.open(base)}>${rich("problem.base", { id: ltr(base) })}</button></p>` : ""}
      ${step === "token" ? this.#token() : ""}
      ${step === "retry" ? html`<button type="button" @click=${() => this.#retry()}>${t("problem.retry")}</button>` : ""}
      ${report && model && this.#other() ? html`<p class="note">${rich("problem.previous", { id: ltr(model.id || t("facts.pasted")) })}</p>` : ""}
    </div>`;
  }

  /** Is what stands below about another model than the one that failed? */
  #other(): boolean {
    const { problem, model } = this.view;
    return problem?.type !== "core" || problem.model?.config !== model?.config;
  }

  #token(): TemplateResult {
    const submit = (event: SubmitEvent): void => {
      event.preventDefault();
      const input = (event.target as HTMLFormElement).querySelector("input");
      if (input?.value) this.dispatchEvent(new CustomEvent("tare-token", { detail: input.value.trim(), bubbles: true }));
    };
    return html`<form class="token" @submit=${submit}>
      <div class="field grow">
        <label for="token">${t("token.label")}</label>
        <input id="token" type="password" dir="ltr" autocomplete="off" spellcheck="false" aria-describedby="token-note" />
      </div>
      <button type="submit" class="primary">${t("token.use")}</button>
      <p class="note" id="token-note">${t("token.note")} <a href=${TOKENS} rel="noreferrer" target="_blank">${t("token.make")}</a></p>
    </form>`;
  }

  #retry(): void {
    this.dispatchEvent(new CustomEvent("tare-retry", { bubbles: true }));
  }
}

/** What is known of the model without its config.json, and from where. */
function known(facts: ModelFacts): TemplateResult {
  return html`<p class="facts">
      <span><b>${ltr(facts.id)}</b></span>${hubFacts(facts).map(({ key, n }) => html`<span>${rich(key, { n: ltr(n) })}</span>`)}
    </p>
    <p class="source">${rich("known.source", { sha: ltr(facts.sha.slice(0, 7)) })} ${movedNote(facts)}</p>`;
}

customElements.define("tare-problem", TareProblem);
declare global {
  interface HTMLElementTagNameMap {
    "tare-problem": TareProblem;
  }
}
