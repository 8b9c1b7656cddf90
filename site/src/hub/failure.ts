// SPDX-License-Identifier: Apache-2.0
// From what the Hub answered, or did not, to one code and one sentence.
import { baseOf, type NoReply, type Reply } from "./request.ts";
import type { HubError, HubErrorCode, HubOptions } from "./types.ts";

/** The Hub's documented window; its headers are hidden from pages. */
const RATE_LIMIT_WINDOW_SECONDS = 300;

/** What was asked of which model, for sentences and links. */
export interface Asked {
  id: string;
  revision: string;
  /** The file that was asked for; left out: the model's facts. */
  file?: string;
  options: HubOptions;
}

/** The failure in a reply that is not 2xx, told by status and by the Hub's own headers. */
export function failureOfReply(reply: Reply, asked: Asked): HubError {
  const code = reply.headers.get("X-Error-Code") ?? "";
  const message = `${reply.headers.get("X-Error-Message") ?? ""} ${reply.text.slice(0, 1000)}`;
  if (reply.status === 429) return failure("rate_limited", asked);
  if (/resource is disabled/i.test(message)) return failure("disabled", asked);
  if (code === "RevisionNotFound") return failure("bad_revision", asked);
  if (code === "GatedRepo" || reply.status === 403) return failure("gated", asked);
  if (/invalid credentials in authorization header/i.test(message)) return failure("bad_token", asked);
  if (code === "RepoNotFound" || reply.status === 401 || reply.status === 404) return failure("not_found", asked);
  if (reply.status >= 500) return failure("network", asked);
  return failure("invalid", asked);
}

/** The failure of a request that was never answered. */
export function failureOfNoReply(reason: NoReply, asked: Asked): HubError {
  if (reason === "aborted" || reason === "too_large" || reason === "bad_token") return failure(reason, asked);
  // Where there is no navigator.onLine (node), a network is supposed.
  const offline = reason === "unreachable" && globalThis.navigator?.onLine === false;
  return failure(offline ? "offline" : "network", asked);
}

/** The value for a code, its sentence made of what was asked. */
export function failure(code: Exclude<HubErrorCode, "no_config">, asked: Asked): HubError {
  const withToken = Boolean(asked.options.token);
  const where = code === "bad_revision" ? asked.revision : asked.id;
  const error: HubError = { code, where, text: sentence(code, asked, withToken), withToken };
  if (code === "rate_limited") error.retryAfterSeconds = RATE_LIMIT_WINDOW_SECONDS;
  if (code === "gated" || code === "not_found") error.link = `${baseOf(asked.options)}/${asked.id}`;
  return error;
}

function sentence(code: Exclude<HubErrorCode, "no_config">, { id, revision, file }: Asked, withToken: boolean): string {
  switch (code) {
    case "not_found":
      return withToken
        ? `The Hub knows no model ${id} that this token may see: check the spelling, or use a token of an account that may.`
        : `The Hub shows no model ${id}: it does not exist or it is private. Check the spelling, or give a token to see private models.`;
    case "gated":
      return withToken
        ? `${id} is gated and this token may not read it: accept its conditions on its page, and let the token read gated repositories.`
        : `${id} is gated: accept its conditions on its page, then give a token that may read gated repositories, or paste its config.json.`;
    case "bad_token":
      return "The Hub refuses this token: it is mistyped, expired or revoked. Give another one, or none for public models.";
    case "bad_revision":
      return `${id} has no branch, tag or commit ${revision}: leave the revision out for the main branch.`;
    case "disabled":
      return `The Hub has disabled ${id}; its files cannot be read by anybody.`;
    case "rate_limited":
      return "The Hub has had too many requests from this address: wait up to 5 minutes, or give a token for a quota of your own.";
    case "offline":
      return `There is no network, and ${id} was not seen before: paste a config.json, or take an example; both work offline.`;
    case "network":
      return "The Hub could not be reached or did not answer properly: try again, or paste the config.json.";
    case "too_large":
      return `An answer about ${id} is larger than 10 MB, which no real config.json is; it was not read.`;
    case "invalid":
      return file === undefined
        ? "What answered is not the Hub, or not as the Hub documents it (a sign-in page of this network?): try again, or paste the config.json."
        : `The ${file} of ${id} is not a JSON object; it cannot be read as a model's config.`;
    case "aborted":
      return "The look-up was cancelled.";
  }
}
