// SPDX-License-Identifier: Apache-2.0
// What the Hub says of a model whose config.json could not be had.
import { accelerateText, count } from "./format.ts";
import type { ModelFacts } from "./hub/index.ts";
import type { MessageKey } from "./messages/index.ts";

/** A message, and the value that it is said with. */
export interface HubFact {
  key: MessageKey;
  n: string;
}

/** The facts in the order in which they are shown. Sizes stand only where the Hub's counts are those of the weights themselves. */
export function hubFacts({ libraryName, weights, gated }: ModelFacts): HubFact[] {
  const facts: HubFact[] = [];
  if (libraryName !== null) facts.push({ key: "known.library", n: libraryName });
  if (weights !== null) {
    if (weights.parameters !== null) facts.push({ key: "facts.parameters", n: count(weights.parameters) });
    facts.push({ key: "known.dtypes", n: weights.counts.map(({ dtype }) => dtype).join(", ") });
    if (weights.bytes !== null) facts.push({ key: "known.stored", n: accelerateText(weights.bytes) });
  }
  if (gated !== false) facts.push({ key: `known.gated_${gated}`, n: "" });
  return facts;
}
