// SPDX-License-Identifier: Apache-2.0
// What can go wrong, and the sentence for it. One sentence: what happened, why, and what to do.
import type { Failure } from "tare";
import type { HubError, ModelFacts } from "./hub/index.ts";
import { hasMessage, t } from "./messages/index.ts";
import type { Model } from "./model-source.ts";

export type Problem =
  /** `facts`: what the Hub said all the same. */
  | { type: "hub"; error: HubError; facts?: ModelFacts | undefined }
  /** `model`: what could not be weighed. */
  | { type: "core"; error: Failure["error"]; model?: Model }
  | { type: "input"; error: { code: string; where: string; text: string } }
  /** The address holds a config that cannot be unpacked. */
  | { type: "address" }
  /** A blueprint could not be fetched, and none was kept. */
  | { type: "blueprint" };

/** What a person can do about it, beside reading. */
export type Step = "token" | "retry" | "paste" | "none";

function hubKey(error: HubError): string {
  if (error.code === "gated" || error.code === "not_found") return `hub.${error.code}${error.withToken ? "_token" : ""}`;
  if (error.code === "no_config") return `hub.no_config_${error.instead ?? "other"}`;
  return `hub.${error.code}`;
}

/** The sentence to show. Codes without words of their own fall back to the text that came with them. */
export function sentence(problem: Problem): string {
  if (problem.type === "address" || problem.type === "blueprint") return t(`problem.${problem.type}`);
  const { error } = problem;
  const key = problem.type === "hub" ? hubKey(problem.error) : `${problem.type}.${error.code}`;
  return hasMessage(key) ? t(key, { where: error.where, text: error.text }) : error.text;
}

/** The next step that the page offers for it. */
export function nextStep(problem: Problem): Step {
  if (problem.type === "blueprint") return "retry";
  if (problem.type !== "hub") return "none";
  switch (problem.error.code) {
    case "gated":
    case "not_found":
    case "bad_token":
      return "token";
    case "rate_limited":
    case "offline":
    case "network":
      return "retry";
    default:
      return "none";
  }
}
