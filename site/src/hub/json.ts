// SPDX-License-Identifier: Apache-2.0
// Reading JSON that may hold anything: each reader answers what it asks for, or nothing.

export type JsonObject = { [key: string]: unknown };

/** The object of a JSON text; undefined where the text is no JSON or no object. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return asObject(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The value if it is an object and no list. */
export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** The value if it is a string that is not empty. */
export function asText(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The strings of a list, at most `most`. */
export function asTexts(value: unknown, most: number): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string").slice(0, most) : [];
}
