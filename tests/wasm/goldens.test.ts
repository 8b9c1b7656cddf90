// SPDX-License-Identifier: Apache-2.0
// The answers of the real libraries, asked of the command: a line of the goldens is a request for `batch`, too. The native tests
// compare more of each answer; here it is the built WebAssembly that answers.
import { readFile } from "node:fs/promises";
import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { tare } from "./package-under-test.ts";

interface Golden {
  id: string;
  /** Total, largest layer, parameters, total with ties. */
  want: number[];
  /** The three columns of the four rows. */
  text: string[];
}

test("the goldens: no wrong number, at most 0.5 % not covered, in under 30 s", async () => {
  const requests = gunzipSync(await readFile(new URL("../golden/sizes.jsonl.gz", import.meta.url))).toString();
  const started = performance.now();
  const { code, stdout } = await tare(["batch"], requests);
  expect(performance.now() - started).toBeLessThan(30_000);
  expect(code).toBe(0);

  const goldens = requests.trimEnd().split("\n").map((line) => JSON.parse(line) as Golden);
  const answers = stdout.trimEnd().split("\n").map((line) => JSON.parse(line));
  expect(answers.map(({ id }) => id)).toEqual(goldens.map(({ id }) => id));
  const wrong: string[] = [];
  let notCovered = 0;
  for (const [i, { id, want, text }] of goldens.entries()) {
    const { answer, error } = answers[i];
    if (error?.code === "not_covered") notCovered++;
    else if (error) wrong.push(`${id}: ${error.code} ${error.where}: ${error.text}`);
    else {
      const { total_bytes, largest_layer_bytes, parameter_count, tied_total_bytes, rows } = answer;
      const got = [total_bytes, largest_layer_bytes, parameter_count, tied_total_bytes];
      const cells = Object.values<{ text: string[] }>(rows).flatMap((row) => row.text);
      if (String(got) !== String(want) || String(cells) !== String(text)) wrong.push(`${id}: ${got} instead of ${want}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(notCovered / goldens.length).toBeLessThanOrEqual(0.005);
});
