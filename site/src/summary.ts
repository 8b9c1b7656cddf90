// SPDX-License-Identifier: Apache-2.0
import { t } from "./messages/index.ts";
import { dtypeLabel } from "./names.ts";
import { chosenCard } from "./options.ts";
import { sentence } from "./problem.ts";
import type { View } from "./store.ts";
import { verdictText } from "./verdict.ts";

/** What the page shows, in a sentence or two, for those who hear it. */
export function summary({ state, model, report, problem, busy }: View): string {
  if (problem) return sentence(problem);
  const row = report?.rows.find((one) => one.dtype === (state.dtypes.includes(state.dtype) ? state.dtype : state.dtypes[0]));
  if (!report || !row || busy) return "";
  const card = chosenCard(state);
  const cell = report.fit?.find((fit) => fit.gpu === card.key && fit.dtype === row.dtype)?.run;
  const verdict = cell ? verdictText(cell) : "";
  return t("live.summary", {
    model: model?.id || t("facts.pasted"),
    dtype: dtypeLabel(row.dtype),
    total: row.text[1],
    gpu: card.name || t("gpu.size", { n: card.gib }),
    cards: state.cards,
    verdict,
  });
}
