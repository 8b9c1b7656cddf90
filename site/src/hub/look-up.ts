// SPDX-License-Identifier: Apache-2.0
import { failure, failureOfNoReply, failureOfReply, type Asked } from "./failure.ts";
import { parseObject } from "./json.ts";
import { FIELDS, readModelInfo, withConfig, type ModelInfo } from "./model-facts.ts";
import { get, type NoReply, type Reply } from "./request.ts";
import type { HubError, LookUp, LookUpOptions, ModelFacts, ModelReference } from "./types.ts";

/**
 * Asks the Hub about a model and for its config.json, both at once, and pins the answer to one commit. Never throws; every
 * failure is a value that keeps what was learnt. Two requests as a rule, three where the repository changed in between.
 */
export async function lookUp(reference: ModelReference, options: LookUpOptions = {}): Promise<LookUp> {
  const asked: Asked = { id: reference.id, revision: reference.revision ?? "main", options };
  const configAsked: Asked = { ...asked, file: "config.json" };
  const [info, first] = await Promise.all([
    askInfo(reference, asked).then((answer) => {
      if ("facts" in answer) options.onProgress?.({ type: "facts", facts: answer.facts });
      return answer;
    }),
    get(configPath(asked.id, asked.revision), options),
  ]);
  if (!("facts" in info)) {
    const config = readConfig(first, configAsked);
    return typeof config === "string" ? { type: "failed", error: info, config } : { type: "failed", error: info };
  }
  const { facts } = info;
  const moved = typeof first !== "string" && first.status === 200 && commitOf(first) !== facts.sha;
  const reply = moved ? await get(configPath(facts.id, facts.sha), options) : first;
  const config = readConfig(reply, configAsked);
  if (typeof config !== "string") return { type: "failed", error: explain(config, reply, info, configAsked), facts };
  options.onProgress?.({ type: "config", config });
  return { type: "found", facts: withConfig(facts, parseObject(config) ?? {}), config };
}

async function askInfo(reference: ModelReference, asked: Asked): Promise<ModelInfo | HubError> {
  const revision = reference.revision === undefined ? "" : `/revision/${encodeURIComponent(reference.revision)}`;
  const fields = FIELDS.map((field) => `expand[]=${field}`).join("&");
  const reply = await get(`/api/models/${asked.id}${revision}?${fields}`, asked.options);
  if (typeof reply === "string") return failureOfNoReply(reply, asked);
  if (reply.status !== 200) return failureOfReply(reply, asked);
  return readModelInfo(reply.text, reference) ?? failure("invalid", asked);
}

/** The id keeps its slash (an encoded one counts against a much smaller quota), the revision is one segment. */
function configPath(id: string, revision: string): string {
  return `/${id}/resolve/${encodeURIComponent(revision)}/config.json`;
}

/** The commit that answered: a header, or part of the address that a browser was led to. */
function commitOf(reply: Reply): string | undefined {
  return reply.headers.get("X-Repo-Commit") ?? /\/resolve-cache\/models\/.+\/([0-9a-f]{40})\//.exec(reply.url)?.[1];
}

function readConfig(reply: Reply | NoReply, asked: Asked): string | HubError {
  if (typeof reply === "string") return failureOfNoReply(reply, asked);
  if (reply.status !== 200) return failureOfReply(reply, asked);
  return parseObject(reply.text) === undefined ? failure("invalid", asked) : reply.text;
}

/** With the facts known, a failure of the config.json says more: there may be none, and a refusal means a gate. */
function explain(error: HubError, reply: Reply | NoReply, info: ModelInfo, asked: Asked): HubError {
  if (typeof reply === "string") return error;
  if (reply.status === 404 && error.code !== "bad_revision") return noConfig(info, asked);
  return error.code === "not_found" && info.facts.gated !== false ? failure("gated", asked) : error;
}

const INSTEAD = {
  adapter: "an adapter: weigh the model that it was made for",
  diffusers: "a diffusers pipeline of several models: weigh one of its parts by pasting that part's config.json",
  gguf: "files in GGUF format only: weigh the model that they were made from",
  weights: "weight files without a config.json: weigh the model that they were made from, or paste a config.json",
  empty: "nothing yet",
  other: "no model that can be weighed: paste a config.json",
};

function noConfig({ facts, instead }: { facts: ModelFacts; instead: keyof typeof INSTEAD }, asked: Asked): HubError {
  const baseModel = facts.baseModels[0];
  return {
    code: "no_config",
    where: facts.id,
    text: `${facts.id} has no config.json; it holds ${INSTEAD[instead]}${baseModel === undefined ? "" : ` (${baseModel})`}.`,
    withToken: Boolean(asked.options.token),
    instead,
    ...(baseModel === undefined ? {} : { baseModel }),
  };
}
