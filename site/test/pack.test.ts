// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { pack, unpack } from "../src/pack.ts";

test.each(['{"model_type": "bert"}', "not JSON at all", "", '{"名前": "ü"}'])("%s comes back", async (text) => {
  const packed = await pack(text);
  expect(packed).toMatch(/^[\w-]*$/);
  let expected = text;
  try {
    expected = JSON.stringify(JSON.parse(text));
  } catch {
    // stays as it is
  }
  expect(await unpack(packed)).toBe(expected);
});

test("white space goes, and numbers and texts stay as they are written", async () => {
  const packed = await pack('{\n "a b": [1.0, 1e-05, 12345678901234567890],\t"c \\" d\\\\": " "\n}');
  expect(await unpack(packed)).toBe('{"a b":[1.0,1e-05,12345678901234567890],"c \\" d\\\\":" "}');
  const long = `{"a": "${"x ".repeat(1 << 20)}"}`;
  expect(await unpack(await pack(long))).toBe(long.replace(": ", ":"));
});

test.each(["%%%", "AAAA", "q1Yqzs9NTYkvqSxIVbJSSkotKlGqBQ"])("a damaged address is no config: %s", async (packed) => {
  const text = await unpack(packed);
  expect(text === undefined || typeof text === "string").toBe(true);
});

test("a small address does not unpack to a huge text", async () => {
  expect(await unpack(await pack(" ".repeat(20 * 1024 * 1024)))).toBeUndefined();
});
