// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vitest/config";

// One browser at a time: the tests measure nothing, but two browsers on two cores make each other late.
export default defineConfig({
  test: { include: ["*.test.ts"], fileParallelism: false, testTimeout: 60_000, hookTimeout: 60_000 },
});
