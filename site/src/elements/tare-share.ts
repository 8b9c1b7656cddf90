// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import { embedHtml, markdown } from "../copies.ts";
import { t } from "../messages/index.ts";
import { shareAddress } from "../state.ts";
import { Part } from "./part.ts";

const kinds = ["link", "markdown", "html"] as const;
type Kind = (typeof kinds)[number];

/** How long a button says that it has copied. */
const SAID_MS = 2000;

/** Copies what is shown. Property `root`: the folder that the site lies in. */
export class TareShare extends Part {
  static override properties = { ...Part.properties, root: { attribute: false }, done: { state: true } };
  declare root: URL;
  declare done: { kind: Kind; ok: boolean } | undefined;
  #timer = 0;

  protected override render(): TemplateResult {
    const { model, report } = this.view;
    return html`<div class="share" role="group" aria-label=${t("copy.label")}>
      <span aria-hidden="true">${t("copy.label")}</span>
      ${kinds.map(
        (kind) => html`<button
          type="button"
          ?disabled=${kind !== "link" && (!model || !report || (kind === "html" && !model.id))}
          @click=${() => void this.#copy(kind)}
        >
          ${this.done?.kind === kind ? t(this.done.ok ? "copy.done" : "copy.failed") : t(`copy.${kind}`)}
        </button>`,
      )}
    </div>`;
  }

  async #copy(kind: Kind): Promise<void> {
    const { state, model, report } = this.view;
    const link = new URL(shareAddress(state), location.href).href;
    let text = link;
    if (kind !== "link") {
      if (!model || !report) return;
      text = kind === "markdown" ? markdown(state, model, report, link) : embedHtml(state, model, link, this.root);
    }
    let ok = true;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      ok = false;
    }
    this.done = { kind, ok };
    this.say(t(ok ? "copy.done" : "copy.failed"));
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => (this.done = undefined), SAID_MS);
  }
}

customElements.define("tare-share", TareShare);
declare global {
  interface HTMLElementTagNameMap {
    "tare-share": TareShare;
  }
}
