// SPDX-License-Identifier: Apache-2.0
// From what a person chose to what the core is asked.
import type { FitOptions, Options, TreeNode } from "tare";
import { fromGib } from "./format.ts";
import { findGpu, fullName, gpus } from "./gpus.ts";
import type { PageState } from "./state.ts";

/** A card of one size, as the core is asked about it and as it is shown. */
export interface Card {
  /** "NVIDIA A100 · 80 GiB", unique. */
  key: string;
  vendor: string;
  name: string;
  gib: number;
}

/** The card that is chosen. A custom size has neither vendor nor name. */
export function chosenCard(state: PageState): Card {
  const gpu = findGpu(state.gpu);
  const gib = state.memory || gpu?.memory[0] || 24;
  return { key: "chosen", vendor: gpu?.vendor ?? "", name: gpu ? fullName(gpu) : "", gib };
}

/** Every card in the list: a GPU that was sold in two sizes stands there twice. */
export const allCards: readonly Card[] = gpus.flatMap((gpu) =>
  gpu.memory.map((gib) => ({ key: `${fullName(gpu)} · ${gib}`, vendor: gpu.vendor, name: fullName(gpu), gib })),
);

/** The size and the class to weigh, without anything about GPUs. */
export function sizeOptions(state: PageState): Options {
  return {
    ...(state.library === "auto" ? {} : { library: state.library }),
    model_class: state.modelClass || state.counted,
    tied: state.counted === "published",
  };
}

/** Everything that the page shows for a state. */
export function reportOptions(state: PageState): Options {
  const cards = [chosenCard(state), ...(state.allGpus ? allCards : [])];
  const byRank = state.loraBy === "rank";
  const fit: FitOptions = {
    gpus: cards.map(({ key, gib }) => ({ name: key, bytes: fromGib(gib) })),
    count: state.cards,
    reserve_bytes: fromGib(state.reserve),
    overhead: state.overhead / 100,
    ...(byRank ? {} : { trainable_share: state.share / 100 }),
  };
  const targets = state.targets.length > 0 ? [...state.targets] : ("all-linear" as const);
  return { ...sizeOptions(state), fit, ...(byRank ? { lora: { rank: state.rank, target_modules: targets } } : {}) };
}

function isIndex(name: string): boolean {
  return /^\d+$/.test(name);
}

/** Names of linear layers that LoRA can be put on, with the number of modules of that name, in order of occurrence. */
export function linearNames(tree: TreeNode): { name: string; modules: number }[] {
  const found = new Map<string, number>();
  const visit = (node: TreeNode, parent: string, times: number): void => {
    if (/(^|[a-z])Linear$|^Conv1D$/.test(node.class)) {
      // A bare index says nothing: "mlp.0" rather than "0".
      const name = isIndex(node.name) ? `${parent}.${node.name}` : node.name;
      found.set(name, (found.get(name) ?? 0) + times * node.times);
    }
    for (const child of node.children) visit(child, isIndex(node.name) ? parent : node.name, times * node.times);
  };
  for (const child of tree.children) visit(child, "", 1);
  return [...found].map(([name, modules]) => ({ name, modules }));
}
