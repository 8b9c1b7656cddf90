// SPDX-License-Identifier: Apache-2.0
import { html } from "lit";
import type { TemplateResult } from "lit";
import type { FitCell } from "tare";
import { gib } from "../format.ts";
import { gpuDataVersion, vendors } from "../gpus.ts";
import { t } from "../messages/index.ts";
import { dtypeLabel } from "../names.ts";
import { allCards } from "../options.ts";
import type { Card } from "../options.ts";
import { dtypes, tasks } from "../state.ts";
import type { PageState, Sort } from "../state.ts";
import { usedShare } from "../verdict.ts";
import { Part } from "./part.ts";
import { bar, ltr, segments, verdictIcon } from "./words.ts";

interface Line {
  card: Card;
  cell: FitCell;
}

/** What a column sorts by. Names are not here: the list's own order is by vendor and family. */
const sorts: Record<Exclude<Sort, "gpu">, (line: Line) => number> = {
  memory: ({ card }) => card.gib,
  cards: ({ cell }) => cell.cards ?? Infinity,
  used: ({ cell }) => usedShare(cell),
};

/** The other way round: on which GPUs a task fits, and with how many cards. */
export class TareGpuList extends Part {
  protected override render(): TemplateResult {
    const { state, report } = this.view;
    const fits = new Map(report?.fit?.filter((fit) => fit.dtype === state.dtype).map((fit) => [fit.gpu, fit]));
    const lines = allCards.flatMap((card) => {
      const cell = fits.get(card.key)?.[state.task];
      return cell ? [{ card, cell }] : [];
    });
    const shown = lines.filter(({ card, cell }) => (!state.vendor || card.vendor === state.vendor) && (!state.onlyFits || fitsThere(cell)));
    const fitting = lines.filter(({ cell }) => fitsThere(cell)).length;
    return html`${this.#controls()}
      <p class="note">
        ${t("list.summary", { fitting, all: lines.length, cards: state.cards })} ${t("list.data", { version: gpuDataVersion })}
      </p>
      <div class="scroll tall" role="region" aria-label=${t("list.title")} tabindex="0">
        <table class="gpus">
          <thead>
            <tr>
              ${this.#header("gpu")} ${this.#header("memory")} ${this.#header("cards")} ${this.#header("used")}
            </tr>
          </thead>
          <tbody>
            ${sorted(shown, state).map((line) => row(line))}
          </tbody>
        </table>
      </div>`;
  }

  #controls(): TemplateResult {
    const { state } = this.view;
    return html`<div class="controls">
      ${segments({
        name: "task",
        legend: "list.task",
        value: state.task,
        options: tasks.map((value) => ({ value, label: t(`task.${value}`) })),
        onChange: (task) => this.change({ task }),
      })}
      <div class="field">
        <label for="list-dtype">${t("sizes.dtype")}</label>
        <select id="list-dtype" @change=${(e: Event) => this.#dtype((e.target as HTMLSelectElement).value)}>
          ${dtypes.map((dtype) => html`<option value=${dtype} ?selected=${dtype === state.dtype}>${dtypeLabel(dtype)}</option>`)}
        </select>
      </div>
      <div class="field">
        <label for="vendor">${t("list.vendor")}</label>
        <select id="vendor" @change=${(e: Event) => this.change({ vendor: (e.target as HTMLSelectElement).value })}>
          <option value="" ?selected=${state.vendor === ""}>${t("list.all_vendors")}</option>
          ${vendors.map((vendor) => html`<option value=${vendor} ?selected=${vendor === state.vendor}>${vendor}</option>`)}
        </select>
      </div>
      <label class="check">
        <input type="checkbox" .checked=${state.onlyFits} @change=${() => this.change({ onlyFits: !state.onlyFits })} />
        ${t("list.only_fits", { n: state.cards })}
      </label>
    </div>`;
  }

  #header(sort: Sort): TemplateResult {
    const { state } = this.view;
    const mine = state.sort === sort;
    const order = mine ? (state.descending ? "descending" : "ascending") : "none";
    return html`<th scope="col" aria-sort=${order} class=${sort === "memory" || sort === "cards" ? "number" : ""}>
      <button type="button" class="sort" @click=${() => this.change({ sort, descending: mine && !state.descending })}>${t(`list.${sort}`)}</button>
    </th>`;
  }

  #dtype(value: string): void {
    const dtype = dtypes.find((one) => one === value);
    if (dtype) this.change({ dtype });
  }
}

function fitsThere({ verdict }: FitCell): boolean {
  return verdict === "fits" || verdict === "tight";
}

function sorted(lines: Line[], { sort, descending }: PageState): Line[] {
  if (sort === "gpu") return descending ? lines.toReversed() : lines;
  const key = sorts[sort];
  const sign = descending ? -1 : 1;
  return lines.toSorted((a, b) => sign * (key(a) - key(b)) || 0); // two that never fit: Infinity - Infinity is NaN
}

function row({ card, cell }: Line): TemplateResult {
  return html`<tr>
    <th scope="row">${ltr(card.name)}</th>
    <td class="number">${t("gpu.size", { n: card.gib })}</td>
    <td class="number">${cell.cards ?? t("list.none")}</td>
    <td>
      <span class="verdict ${cell.verdict}">${verdictIcon(cell.verdict)} <span>${t(`verdict.${cell.verdict}`)}</span></span>
      ${cell.verdict === "not_applicable" ? "" : html`${bar(cell)}<small>${ltr(`${gib(cell.needed_bytes)} / ${gib(Math.max(0, cell.available_bytes))}`)}</small>`}
    </td>
  </tr>`;
}

customElements.define("tare-gpu-list", TareGpuList);
declare global {
  interface HTMLElementTagNameMap {
    "tare-gpu-list": TareGpuList;
  }
}
