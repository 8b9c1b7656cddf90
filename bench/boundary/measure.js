// SPDX-License-Identifier: Apache-2.0
// How should a report cross from WebAssembly to JavaScript? Builds boundary.cc both ways with the package's flags and compares.
//   usage: tools/with-emscripten.sh node bench/boundary/measure.js
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const flags = (
  "-std=c++20 -Oz -DNDEBUG -fno-exceptions -fno-rtti -DEMSCRIPTEN_HAS_UNBOUND_TYPE_NAMES=0 -lembind --closure=1 -sMODULARIZE -sEXPORT_ES6 " +
  "-sENVIRONMENT=web,worker -sALLOW_MEMORY_GROWTH -sMALLOC=emmalloc -sFILESYSTEM=0 -sDYNAMIC_EXECUTION=0 -sTEXTDECODER=2 " +
  "-sINCOMING_MODULE_JS_API=wasmBinary"
).split(" ");
const source = fileURLToPath(new URL("boundary.cc", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "tare-boundary-"));

async function build(name, ...more) {
  const glue = join(folder, `${name}.mjs`);
  const wasm = join(folder, `${name}.wasm`);
  execFileSync("em++", [source, "-o", glue, ...flags, ...more], { stdio: ["ignore", "ignore", "inherit"] });
  const size = [wasm, glue].reduce((sum, file) => sum + gzipSync(readFileSync(file), { level: 9 }).length, 0);
  const { default: create } = await import(glue);
  return { size, module: await create({ wasmBinary: readFileSync(wasm) }) };
}

function median(act) {
  const samples = Array.from({ length: 101 }, () => {
    const start = performance.now();
    for (let call = 0; call < 20; call++) act();
    return ((performance.now() - start) / 20) * 1000;
  });
  return samples.sort((a, b) => a - b)[50];
}

const text = await build("text");
const objects = await build("objects", "-DAS_OBJECTS");
console.log(`gzip of module and glue: text ${text.size}, objects ${objects.size} bytes`);
for (const modules of [0, 30, 300]) {
  assert.deepEqual(JSON.parse(text.module.estimate(modules)), objects.module.estimate(modules));
  const asText = median(() => JSON.parse(text.module.estimate(modules)));
  const asObjects = median(() => objects.module.estimate(modules));
  console.log(`${modules} modules: text ${asText.toFixed(0)} us, objects ${asObjects.toFixed(0)} us`);
}
rmSync(folder, { recursive: true });
