// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { cutMembers } from "../../wasm/cli/members.ts";

const cut: [string, Record<string, string> | undefined][] = [
  ["{}", {}],
  [' {"a": 1.0 , "b":{"c":[1,2]}} ', { a: "1.0", b: '{"c":[1,2]}' }],
  ['{"a":"}, \\" {","b":[",",{}]}', { a: '"}, \\" {"', b: '[",",{}]' }],
  ['{"a":[Infinity,NaN]}', { a: "[Infinity,NaN]" }],
  ['{"\\u0061":null}', { a: "null" }],
  ["", undefined],
  ["[]", undefined],
  ['{"a":1', undefined],
  ['{"a":1}}', undefined],
  ['{"a"}', undefined],
  ["{a:1}", undefined],
];

test.each(cut)("%s", (text, members) => {
  const got = cutMembers(text);
  expect(got && Object.fromEntries(got)).toEqual(members);
});
