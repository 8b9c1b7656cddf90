// SPDX-License-Identifier: Apache-2.0
// The words of a verdict, for the page, its copies and the card.
import type { FitCell } from "tare";
import { gib } from "./format.ts";
import { t } from "./messages/index.ts";

/** Memory that stays free, where it fits. */
export function freeText(cell: FitCell): string {
  return gib(cell.available_bytes - cell.needed_bytes);
}

/** How many cards it takes, where it does not fit. */
export function cardsText(cell: FitCell): string {
  return cell.cards === null ? t("verdict.never") : t("verdict.cards", { n: cell.cards });
}

/** All of it as plain text: "fits, 8.0 GiB free". */
export function verdictText(cell: FitCell): string {
  const word = t(`verdict.${cell.verdict}`);
  if (cell.verdict === "not_applicable") return word;
  return `${word}, ${cell.verdict === "does_not_fit" ? cardsText(cell) : t("verdict.free", { size: freeText(cell) })}`;
}

/** Share of the available memory that is taken; more than 1 does not fit. */
export function usedShare(cell: FitCell): number {
  return cell.available_bytes > 0 ? cell.needed_bytes / cell.available_bytes : Infinity;
}

