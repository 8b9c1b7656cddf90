// SPDX-License-Identifier: Apache-2.0
// What can be copied: a Markdown table for a model card, and the HTML of the card.
import type { Report } from "tare";
import { t } from "./messages/index.ts";
import type { Model } from "./model-source.ts";
import { chosenCard } from "./options.ts";
import { tasks } from "./state.ts";
import type { PageState } from "./state.ts";
import { verdictText } from "./verdict.ts";
import { dtypeLabel } from "./names.ts";

function markdownRow(cells: string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The table, and what the chosen card can do, as Markdown with a link back. */
export function markdown(state: PageState, model: Model, report: Report, link: string): string {
  const rows = report.rows.filter((row) => state.dtypes.includes(row.dtype));
  const card = chosenCard(state);
  const sizes = [
    [t("sizes.dtype"), t("sizes.layer"), t("sizes.total"), t("sizes.training")],
    ["---", "---:", "---:", "---:"],
    ...rows.map((row) => [dtypeLabel(row.dtype), ...row.text]),
  ];
  const fits = [
    [t("sizes.dtype"), ...tasks.map((task) => t(`task.${task}`))],
    ["---", "---", "---", "---"],
    ...rows.flatMap((row) => {
      const fit = report.fit?.find((one) => one.gpu === card.key && one.dtype === row.dtype);
      if (!fit) return [];
      return [[dtypeLabel(row.dtype), ...tasks.map((task) => verdictText(fit[task]))]];
    }),
  ];
  const name = card.name || t("gpu.size", { n: card.gib });
  return [
    t("copy.markdown_title", { model: model.id || t("facts.pasted"), way: t(`counts.${state.counted}`) }),
    "",
    ...sizes.map(markdownRow),
    "",
    t("copy.markdown_fit", { cards: state.cards, gpu: name, size: card.gib }),
    "",
    ...fits.map(markdownRow),
    "",
    t("copy.markdown_source", { link, source: report.source }),
    "",
  ].join("\n");
}

function attribute(value: string): string {
  return value.replace(/[&<>"]/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** The card as HTML, with a plain link inside for where scripts do not run. */
export function embedHtml(state: PageState, model: Model, link: string, root: URL): string {
  const card = chosenCard(state);
  const gpu = card.name ? `${card.name} ${card.gib}` : `${card.gib}`;
  const parts = [
    `model="${attribute(model.id)}"`,
    state.counted === "published" ? 'count="published"' : "",
    state.modelClass ? `class-name="${attribute(state.modelClass)}"` : "",
    `dtypes="${state.dtypes.join(",")}"`,
    `gpu="${attribute(gpu)}"`,
  ].filter(Boolean);
  const text = attribute(t("copy.fallback", { model: model.id }));
  return `<script type="module" src="${attribute(new URL("tare-card.js", root).href)}"></script>
<tare-card ${parts.join(" ")}><a href="${attribute(link)}">${text}</a></tare-card>
`;
}
