// SPDX-License-Identifier: Apache-2.0
// A pasted config in an address: deflated, then base64 in the spelling that addresses need not escape.

/** Longer texts unpack to an error: an address is untrusted, and a small one can hold a very large text. */
const LONGEST = 16 * 1024 * 1024;

const STRING_OR_SPACE = /("(?:[^"\\]+|\\.)*")|\s+/gs;

/** JSON is packed without its white space, and with its numbers as they are written: the library tells 1.0 from 1. Anything else is packed as it is. */
export async function pack(config: string): Promise<string> {
  let text = config;
  try {
    JSON.parse(config);
    text = config.replace(STRING_OR_SPACE, "$1");
  } catch {
    // Not JSON: the core will say so, in its own words.
  }
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/** The text that was packed; undefined where the address was cut or made up. */
export async function unpack(packed: string): Promise<string | undefined> {
  try {
    const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (char) => char.charCodeAt(0));
    const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
    const decoder = new TextDecoder();
    let text = "";
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      text += decoder.decode(part.value, { stream: true });
      if (text.length > LONGEST) return undefined;
    }
    return text;
  } catch {
    return undefined;
  }
}
