// SPDX-License-Identifier: Apache-2.0
// The hardware last chosen is remembered in this browser, for addresses that name none.
import { initialState, namesAny, readAddress, writeAddress } from "./state.ts";
import type { PageState } from "./state.ts";

const KEY = "tare-hardware";
const names = ["gpu", "memory", "cards", "reserve"] as const;

function hardwareOf({ gpu, memory, cards, reserve }: PageState): Pick<PageState, (typeof names)[number]> {
  return { gpu, memory, cards, reserve };
}

/** Keeps the hardware of `state` where `patch` chose some of it. What is only looked at, as in a link, is not remembered. */
export function remember(state: PageState, patch: Partial<PageState>): void {
  if (!names.some((name) => name in patch)) return;
  try {
    localStorage.setItem(KEY, writeAddress({ ...initialState, ...hardwareOf(state) }));
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

/** The state of an address, on the remembered hardware where the address says nothing of it. */
export function readVisit(address: { search: string; hash: string }): PageState {
  const state = readAddress(address);
  if (namesAny(address.search, names)) return state;
  let kept: string | null = null;
  try {
    kept = localStorage.getItem(KEY);
  } catch {
    // A browser may forbid storage altogether, as in a private window.
  }
  return kept === null ? state : { ...state, ...hardwareOf(readAddress({ search: kept, hash: "" })) };
}
