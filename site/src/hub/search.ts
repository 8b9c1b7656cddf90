// SPDX-License-Identifier: Apache-2.0
import { isModelId } from "./address.ts";
import { failure, failureOfNoReply, failureOfReply, type Asked } from "./failure.ts";
import { asObject, asText } from "./json.ts";
import { get } from "./request.ts";
import type { HubError, HubErrorCode, HubOptions, Search } from "./types.ts";

const SHORTEST_QUERY = 2;
const MOST_IDS = 8;

/** A second request would fail the same way. */
const FINAL: ReadonlySet<HubErrorCode> = new Set(["rate_limited", "offline", "aborted", "bad_token"]);

/**
 * Ids that complete `text`, most fitting first; fewer than two characters: none, and no request. The caller debounces (250 ms
 * or more) and aborts the search before. The Hub's type-ahead is undocumented, so its documented search is the fallback.
 */
export async function searchModels(text: string, options: HubOptions = {}): Promise<Search> {
  const query = text.trim();
  if (query.length < SHORTEST_QUERY) return { type: "found", ids: [] };
  const asked: Asked = { id: query, revision: "main", options };
  const quick = await askIds(`/api/quicksearch?type=model&q=${encodeURIComponent(query)}`, asked);
  if (Array.isArray(quick)) return { type: "found", ids: quick };
  if (FINAL.has(quick.code)) return { type: "failed", error: quick };
  const found = await askIds(`/api/models?limit=${MOST_IDS}&search=${encodeURIComponent(query)}`, asked);
  return Array.isArray(found) ? { type: "found", ids: found } : { type: "failed", error: found };
}

async function askIds(path: string, asked: Asked): Promise<string[] | HubError> {
  const reply = await get(path, asked.options);
  if (typeof reply === "string") return failureOfNoReply(reply, asked);
  if (reply.status !== 200) return failureOfReply(reply, asked);
  return readIds(reply.text) ?? failure("invalid", asked);
}

/** Of `{models: [{id}]}` or `[{id}]`. */
function readIds(text: string): string[] | undefined {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    return undefined;
  }
  const models = asObject(answer)?.["models"] ?? answer;
  if (!Array.isArray(models)) return undefined;
  return models.map((model) => asText(asObject(model)?.["id"]) ?? "").filter(isModelId).slice(0, MOST_IDS);
}
