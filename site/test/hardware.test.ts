// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { readVisit, remember } from "../src/hardware.ts";
import { initialState, readAddress, shareAddress } from "../src/state.ts";
import type { PageState } from "../src/state.ts";

const mine = { gpu: "NVIDIA A100", memory: 80, cards: 8, reserve: 2 };

function visit(address: string): PageState {
  return readVisit(new URL(address, "https://example.org/tare/"));
}

function read(address: string): PageState {
  return readAddress(new URL(address, "https://example.org/tare/"));
}

afterEach(() => vi.unstubAllGlobals());

describe("with storage", () => {
  let kept: Map<string, string>;
  beforeEach(() => {
    kept = new Map();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => kept.set(key, value),
    });
  });

  test("a first visit is on the default card", () => expect(visit("")).toEqual(initialState));

  test("the last choice is taken where the address names no hardware", () => {
    remember({ ...initialState, ...mine, model: "a/b", dtype: "int4" }, mine);
    expect(visit("")).toEqual({ ...initialState, ...mine });
    expect(visit("?m=c/d&rank=64")).toEqual({ ...initialState, ...mine, model: "c/d", rank: 64 });
  });

  test("back to the default is a choice too", () => {
    remember({ ...initialState, ...mine }, mine);
    remember(initialState, { gpu: initialState.gpu, memory: 0 });
    expect(visit("")).toEqual(initialState);
  });

  test.each(["?gpu=NVIDIA+H200", "?gib=40", "?cards=2", "?reserve=0", "?gpu=", "?m=a/b&v=1"])("%s wins as a whole", (address) => {
    remember({ ...initialState, ...mine }, mine);
    expect(visit(address)).toEqual(read(address));
  });

  test.each([{}, { pasted: "q1Yq-_8" }, { model: "a/b" }, mine])("a link to %o means the same where other hardware is remembered", (patch) => {
    remember({ ...initialState, gpu: "NVIDIA H200" }, { gpu: "NVIDIA H200" });
    const state = { ...initialState, ...patch };
    expect(visit(shareAddress(state))).toEqual(state);
  });

  test("hardware that is only looked at is not remembered", () => {
    remember({ ...initialState, ...mine }, { rank: 64 });
    expect(kept.size).toBe(0);
  });

  test("damaged storage falls back to the default card", () => {
    remember({ ...initialState, ...mine }, mine);
    for (const key of kept.keys()) kept.set(key, "?cards=-1&gib=much&%");
    expect(visit("")).toEqual(initialState);
  });
});

test.each([
  ["absent", undefined],
  ["forbidden", new Proxy({}, { get: () => { throw new DOMException("denied", "SecurityError"); } })],
])("without storage, which is %s, nothing breaks", (_, storage) => {
  vi.stubGlobal("localStorage", storage);
  expect(() => remember({ ...initialState, ...mine }, mine)).not.toThrow();
  expect(visit("")).toEqual(initialState);
});
