// SPDX-License-Identifier: Apache-2.0
import { html, LitElement, nothing } from "lit";
import type { TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { until } from "lit/directives/until.js";
import type { Library, Verdict } from "tare";
import { readBlueprint } from "../blueprints.ts";
import { countEntries, exampleAddress, findEntries, listEntries, readSearch, statuses, writeSearch } from "../coverage-list.ts";
import type { Coverage, Entry, Found, Search, Status } from "../coverage-list.ts";
import { integer } from "../format.ts";
import "../messages/coverage.ts";
import { t } from "../messages/index.ts";
import { ltr, rich, segments, verdictIcon } from "./words.ts";

/** More names than these are only counted. */
const MOST_NAMES = 8;
const SIGNS: Record<Status, Verdict> = { exact: "fits", partly: "tight", none: "not_applicable" };

/** The list of the coverage page. Property `root`: the folder that the site lies in. The search is in the address. */
export class TareCoverage extends LitElement {
  static override properties = { coverage: { state: true }, failed: { state: true }, search: { state: true } };
  declare root: URL;
  declare coverage: Coverage | undefined;
  declare failed: boolean;
  declare search: Search;
  #entries: readonly Entry[] = [];
  /** Addresses of examples by library and name: making one takes a moment, and the list is drawn at every key. */
  readonly #addresses = new Map<string, Promise<string>>();

  constructor() {
    super();
    this.failed = false;
    this.search = readSearch(location.search);
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  /** Fetches the list and shows it. */
  async load(): Promise<void> {
    try {
      const [coverage, families] = await Promise.all(["coverage", "timm/index"].map((name) => readBlueprint(this.root, name)));
      const parsed = JSON.parse(coverage ?? "") as Coverage;
      this.#entries = listEntries(parsed, JSON.parse(families ?? "") as Record<string, string>);
      this.coverage = parsed;
    } catch {
      this.failed = true;
    }
  }

  protected override render(): TemplateResult {
    const { coverage, search } = this;
    if (this.failed) return html`<p class="problem" role="alert">${t("coverage.failed")}</p>`;
    if (!coverage) return html`<p class="note">${t("coverage.loading")}</p>`;
    const { exact, partly, none } = countEntries(this.#entries);
    const found = findEntries(this.#entries, search);
    const all = this.#entries.length;
    return html`<p class="summary">
        ${t("coverage.summary", { ...coverage.versions, exact: integer(exact), partly: integer(partly), none: integer(none), all: integer(all) })}
      </p>
      <p class="note">${t("coverage.how")}</p>
      <div class="controls">
        <div class="field grow">
          <label for="search">${t("coverage.search")}</label>
          <input
            id="search"
            type="text"
            dir="ltr"
            autocomplete="off"
            autocapitalize="off"
            spellcheck="false"
            .value=${search.text}
            @input=${(event: InputEvent) => this.#change({ text: (event.target as HTMLInputElement).value })}
          />
        </div>
        ${segments({
          name: "status",
          legend: "coverage.status",
          value: search.status,
          options: (["all", ...statuses] as const).map((value) => ({ value, label: t(`coverage.${value}`) })),
          onChange: (status) => this.#change({ status }),
        })}
      </div>
      <p class="note" role="status">${t("coverage.shown", { n: found.length, all: integer(all) })}</p>
      <table class="coverage" ?hidden=${found.length === 0}>
        <caption class="visually-hidden">${t("coverage.caption")}</caption>
        <thead>
          <tr>
            <th scope="col">${t("coverage.name")}</th>
            <th scope="col">${t("coverage.status")}</th>
            <th scope="col" class="number">${t("coverage.classes")}</th>
            <th scope="col" class="number">${t("coverage.cases")}</th>
          </tr>
        </thead>
        <tbody>
          ${repeat(found, ({ entry }) => `${entry.library}/${entry.name}`, (one) => this.#row(one, coverage.versions))}
        </tbody>
      </table>`;
  }

  #row({ entry, architectures }: Found, versions: Coverage["versions"]): TemplateResult {
    const { library, name, status, classes, cases } = entry;
    const linked = library === "transformers" && status !== "none";
    return html`<tr>
        <th scope="row">
          ${linked ? this.#link(library, name) : ltr(name)}
          <small>${ltr(`${library} ${versions[library]}`)}${this.#architectures(entry, architectures)}</small>
        </th>
        <td><span class="verdict ${SIGNS[status]}">${verdictIcon(SIGNS[status])} <span>${t(`coverage.${status}`)}</span></span></td>
        <td class="number">${integer(classes)}</td>
        <td class="number">${integer(cases)}</td>
      </tr>
      ${status === "exact" ? "" : html`<tr class="why"><td colspan="4">${reasons(entry)}</td></tr>`}`;
  }

  /** Of a family: the architectures that were searched for, else one to try. */
  #architectures({ library, architectures: [first] }: Entry, found: readonly string[]): unknown {
    if (library !== "timm" || !first) return "";
    if (found.length === 0) return html`, ${rich("coverage.for_example", { names: this.#link(library, first) })}`;
    return html`, ${rich("coverage.found", { names: list(found, (name) => this.#link(library, name)) })}`;
  }

  #link(library: Library, name: string): TemplateResult {
    const key = `${library}/${name}`;
    const address = this.#addresses.get(key) ?? exampleAddress(library, name).then((rest) => `${this.root.pathname}${rest}`);
    this.#addresses.set(key, address);
    return html`<a href=${until(address, nothing)}>${ltr(name)}</a>`;
  }

  #change(patch: Partial<Search>): void {
    this.search = { ...this.search, ...patch };
    history.replaceState(null, "", writeSearch(location.search, this.search) || location.pathname);
  }
}

/** Names, and how many more there are. */
function list(names: readonly string[], show: (name: string) => unknown): TemplateResult {
  const rest = names.length - MOST_NAMES;
  return html`${names.slice(0, MOST_NAMES).map((name, i) => html`${i > 0 ? ", " : ""}${show(name)}`)}
  ${rest > 0 ? t("why.more_names", { n: rest }) : ""}`;
}

/** What is lacking; why, when it is opened. The reasons come with the data, in English. */
function reasons({ lacks }: Entry): TemplateResult {
  return html`<details>
    <summary>${rich("coverage.lacks", { names: list(lacks.map(([name]) => name), ltr) })}</summary>
    <ul>
      ${lacks.map(([name, reason]) => html`<li>${rich("coverage.reason", { name: ltr(html`<b>${name}</b>`), reason: ltr(reason) })}</li>`)}
    </ul>
  </details>`;
}

customElements.define("tare-coverage", TareCoverage);
declare global {
  interface HTMLElementTagNameMap {
    "tare-coverage": TareCoverage;
  }
}
