// SPDX-License-Identifier: Apache-2.0
// All blueprints in one JSON text, for use without a network.

/** Everything between quotes: keys, names and expressions, which is what blueprints have in common. */
const wordsOf = (text: string) => new Set(text.match(/"[^"]+"/g));

/**
 * The files in an order in which each follows the one it shares the most characters with: gzip finds again only what was said in
 * the last 32 KB, and kin are seldom neighbours in the alphabet. 18 % fewer bytes than in the order of names.
 */
export function besideKin(files: ReadonlyMap<string, string>): [name: string, text: string][] {
  const waiting = [...files].map(([name, text]) => ({ name, text, words: wordsOf(text) }));
  const ordered: [string, string][] = [];
  let next = 0;
  while (waiting.length > 0) {
    const [current] = waiting.splice(next, 1) as [(typeof waiting)[number]];
    ordered.push([current.name, current.text]);
    let most = -1;
    for (const [i, { words }] of waiting.entries()) {
      let shared = 0;
      for (const word of words) if (current.words.has(word)) shared += word.length;
      if (shared > most) [most, next] = [shared, i];
    }
  }
  return ordered;
}

/** The text of `blueprints/all.json`: an object of all files by name. */
export const pack = (files: ReadonlyMap<string, string>) =>
  `{${besideKin(files)
    .map(([name, text]) => `${JSON.stringify(name)}:${text}`)
    .join(",\n")}}`;
