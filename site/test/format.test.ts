// SPDX-License-Identifier: Apache-2.0
import { expect, test } from "vitest";
import { accelerateText, count, fromGib, gib, integer, percent } from "../src/format.ts";

// As Python prints `round(value, 2)` after dividing by 1024.
test.each([
  [433249280, "413.18 MB"],
  [90669056, "86.47 MB"],
  [1732997120, "1.61 GB"],
  [9437184, "9.0 MB"],
  [1050673152, "1002.0 MB"],
  [2 * 1024 ** 4, "2.0 TB"],
  [0, "0.0 bytes"],
  [1023, "1023.0 bytes"],
  [0.125, "0.12 bytes"],
  [0.375, "0.38 bytes"],
  [0.625, "0.62 bytes"],
  [2.5, "2.5 bytes"],
])("%d bytes as accelerate says it: %s", (bytes, text) => expect(accelerateText(bytes)).toBe(text));

test.each([
  [24, "24.0 GiB"],
  [0.25, "0.25 GiB"],
  [0.999, "1.0 GiB"],
  [1249.9, "1,250 GiB"],
])("%d GiB: %s", (size, text) => expect(gib(fromGib(size))).toBe(text));

test.each([
  [0, "0"],
  [9_999, "9,999"],
  [108_310_272, "108.3 M"],
  [8_030_261_248, "8.03 B"],
  [671_026_404_352, "671.0 B"],
  [999_999, "1.00 M"],
  [999_960_000, "1.00 B"],
  [1_026_000_000_000, "1.03 T"],
])("%d parameters: %s", (value, text) => expect(count(value)).toBe(text));

test("small things", () => {
  expect(integer(433249280)).toBe("433,249,280");
  expect(integer(0.125)).toBe("0.125");
  expect(percent(0.002612)).toBe("0.26%");
});
