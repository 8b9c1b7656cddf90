// SPDX-License-Identifier: Apache-2.0
// Prints what Tare weighs itself and how long it takes. ACCELERATE_PYTHON, a Python that has accelerate and transformers, adds the
// time of the real command for the same configs.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { startChromium } from "./browser.js";
import { firstLoad, moduleSizes } from "./sizes.js";
import { estimateTimes } from "./times.js";

const own = (path) => new URL(path, import.meta.url);
const models = [
  { name: "Llama-3.1-8B", config: readFileSync(own("../site/public/examples/meta-llama--llama-3.1-8b.json"), "utf8"), options: {} },
  { name: "ConvNeXt with 1,000 labels", config: readFileSync(own("configs/convnext.json"), "utf8"), options: {} },
];
const kilobytes = (bytes) => `${(bytes / 1024).toFixed(1)} KB`;

/** Wall time of the real command in ms, the better of two runs: the first also warms the disk. */
function accelerateTime(python, config) {
  const folder = mkdtempSync(join(tmpdir(), "tare-bench-"));
  writeFileSync(join(folder, "config.json"), config);
  const times = [0, 1].map(() => {
    const start = performance.now();
    execFileSync(python, [fileURLToPath(own("real_accelerate.py")), folder, "transformers"], {
      env: { ...process.env, HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "1" },
      stdio: "ignore",
    });
    return performance.now() - start;
  });
  rmSync(folder, { recursive: true });
  return Math.min(...times);
}

function printTimes(results) {
  console.log("\nOne estimate in Chromium, config and blueprint text in, report out");
  const python = process.env.ACCELERATE_PYTHON;
  for (const [i, { name, config }] of models.entries()) {
    const { error, estimate, parse, characters, blueprints } = results[i];
    if (error) {
      console.log(`  ${name}: ${error.code}, ${error.text}`);
      process.exitCode = 1;
      continue;
    }
    console.log(`  ${name} (config ${characters} characters, blueprints ${blueprints})`);
    console.log(`    median ${estimate.toFixed(3)} ms, ${(estimate / parse).toFixed(1)} x JSON.parse of the same texts (${parse.toFixed(3)} ms)`);
    if (!python) continue;
    const real = accelerateTime(python, config);
    console.log(`    accelerate estimate-memory ${(real / 1000).toFixed(1)} s: ${Math.round(real / estimate)} x as long`);
  }
  if (!python) console.log("  (ACCELERATE_PYTHON=.../python adds the real accelerate)");
}

function printFirstLoad(files) {
  console.log("\nFirst load until a table stands there, gzip -9");
  for (const { pathname, packed } of files) console.log(`  ${pathname} ${kilobytes(packed)}`);
  const total = files.reduce((sum, file) => sum + file.packed, 0);
  console.log(`  together ${kilobytes(total)}, ${total <= 120 * 1024 ? "within" : "OVER"} the budget of 120 KB`);
}

console.log("The module");
for (const { name, bytes, packed } of moduleSizes()) console.log(`  ${name} ${kilobytes(bytes)}, gzip ${kilobytes(packed)}`);
const browser = await startChromium();
try {
  printFirstLoad(await firstLoad(browser, "meta-llama/Llama-3.1-8B"));
  printTimes(await estimateTimes(browser, models));
} finally {
  await browser.close();
}
