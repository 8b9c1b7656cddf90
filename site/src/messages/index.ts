// SPDX-License-Identifier: Apache-2.0
// Every word that a person sees comes from here.
import type catalogue from "./en.json";
import texts from "./en.json?messages";

export type MessageKey = keyof typeof catalogue;
/** The language that the page speaks; numbers and dates follow it. */
export const locale = "en";

/** Adds the words of one page, which other pages do not load. */
export function addTexts(more: typeof texts): void {
  Object.assign(texts, more);
}

/** The words for `key`, with `values` put in. */
export function t(key: MessageKey, values: Record<string, string | number> = {}): string {
  return (texts[key] as (values: Record<string, unknown>) => string)(values);
}

/** Is there a message by this name? For words that belong to a code which came from elsewhere. */
export function hasMessage(key: string): key is MessageKey {
  return Object.hasOwn(texts, key);
}

/** As `t`, with values that are not text (markup): the pieces in the order of the sentence. */
export function pieces<T>(key: MessageKey, values: Record<string, T>): (string | T)[] {
  const names = Object.keys(values);
  // Private-use characters stand for the values while the sentence is formatted.
  const marks = Object.fromEntries(names.map((name, i) => [name, String.fromCharCode(0xe000 + i)]));
  return t(key, marks)
    .split(/([\ue000-\ue0ff])/)
    .filter((part) => part !== "")
    .map((part) => {
      const code = part.charCodeAt(0) - 0xe000;
      const name = part.length === 1 ? names[code] : undefined;
      return name === undefined ? part : (values[name] as T);
    });
}
