// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from "vitest";
import { initialState, readAddress, shareAddress, writeAddress } from "../src/state.ts";
import type { PageState } from "../src/state.ts";

function read(address: string): PageState {
  const url = new URL(address, "https://example.org/tare/");
  return readAddress(url);
}

const addresses: [Partial<PageState>, string][] = [
  [{}, ""],
  [{ model: "google-bert/bert-base-cased" }, "?m=google-bert/bert-base-cased&v=1"],
  [{ model: "a/b", revision: "refs/pr/4" }, "?m=a/b&rev=refs/pr/4&v=1"],
  [{ dtypes: ["float32", "int4"] }, "?dtypes=float32,int4&v=1"],
  [{ gpu: "NVIDIA A100", memory: 80, cards: 8 }, "?gpu=NVIDIA+A100&gib=80&cards=8&v=1"],
  [{ gpu: "", memory: 48 }, "?gpu=&gib=48&v=1"],
  [{ counted: "published", modelClass: "BertForMaskedLM", library: "transformers" }, "?library=transformers&class=BertForMaskedLM&count=published&v=1"],
  [{ loraBy: "share", share: 0.5 }, "?lora=share&share=0.5&v=1"],
  [{ rank: 64, targets: ["q_proj", "v_proj"] }, "?rank=64&targets=q_proj,v_proj&v=1"],
  [{ allGpus: true, task: "full", dtype: "float32", sort: "cards", descending: true }, "?gpus=1&task=full&dtype=float32&sort=cards&down=1&v=1"],
  [{ reserve: 0, overhead: 0 }, "?reserve=0&overhead=0&v=1"],
  [{ pasted: "q1Yq-_8" }, "?v=1#config=q1Yq-_8"],
];

describe("an address and a state are the same", () => {
  test.each(addresses)("%o is %s", (patch, address) => {
    const state = { ...initialState, ...patch };
    expect(writeAddress(state)).toBe(address);
    expect(read(address)).toEqual(state);
  });
});

test("a link says that defaults are meant", () => {
  expect(shareAddress(initialState)).toBe("?v=1");
  expect(shareAddress({ ...initialState, gpu: "NVIDIA H200" })).toBe("?gpu=NVIDIA+H200&v=1");
});

test.each([
  "?cards=0",
  "?cards=1.5",
  "?cards=1e9",
  "?cards=",
  "?reserve=-1",
  "?overhead=NaN",
  "?rank=Infinity",
  "?dtypes=float64",
  "?count=stored",
  "?targets=<script>",
  "?task=fly",
  "#config=%3Cscript%3E",
  "?unknown=1",
])("%s falls back to the first visit", (address) => expect(read(address)).toEqual(initialState));

test("what can be read of a list is kept", () => expect(read("?dtypes=int4,float64,int4").dtypes).toEqual(["int4"]));
