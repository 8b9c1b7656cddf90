// SPDX-License-Identifier: Apache-2.0
// One bounded GET: a time limit, a size limit, no cookies, no referrer, and the token to the Hub's own origin only.
import { HUB, type HubOptions } from "./types.ts";

/** Time for one answer, headers and body. */
const TIME_LIMIT_MS = 20_000;

/** Most bytes of one answer that are read. */
export const SIZE_LIMIT_BYTES = 10 * 1024 * 1024;

export interface Reply {
  status: number;
  headers: Headers;
  /** Where the answer came from after redirects. */
  url: string;
  text: string;
}

/** Why there is no reply. `unreachable`: no network, a refused connection, or a browser's refusal to show the answer. */
export type NoReply = "aborted" | "timeout" | "too_large" | "unreachable" | "bad_token";

/** The Hub's base without a slash at its end. */
export function baseOf(options: HubOptions): string {
  return (options.base ?? HUB).replace(/\/+$/, "");
}

/** GET of a path below the base. Never throws: a string says why there is no reply. */
export async function get(path: string, options: HubOptions): Promise<Reply | NoReply> {
  const token = options.token?.trim();
  // A header cannot carry anything else, and fetch would only say "TypeError".
  if (token && !/^[\x21-\x7e]+$/.test(token)) return "bad_token";
  const timeout = new AbortController();
  const timer = setTimeout(() => timeout.abort(), TIME_LIMIT_MS);
  const cancel = () => timeout.abort();
  options.signal?.addEventListener("abort", cancel);
  try {
    if (options.signal?.aborted) return "aborted";
    const response = await fetch(baseOf(options) + path, {
      credentials: "omit",
      referrerPolicy: "no-referrer",
      signal: timeout.signal,
      ...(token ? { headers: { Authorization: `Bearer ${token}` } } : {}),
    });
    const text = await readText(response);
    if (text === undefined) return "too_large";
    return { status: response.status, headers: response.headers, url: response.url, text };
  } catch {
    if (options.signal?.aborted) return "aborted";
    return timeout.signal.aborted ? "timeout" : "unreachable";
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener("abort", cancel);
  }
}

/** Undefined beyond the limit; the rest is then never downloaded. */
async function readText(response: Response): Promise<string | undefined> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const decoder = new TextDecoder();
  let text = "";
  let bytes = Number(response.headers.get("Content-Length") ?? 0) > SIZE_LIMIT_BYTES ? Infinity : 0;
  while (bytes <= SIZE_LIMIT_BYTES) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    text += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return undefined;
}
