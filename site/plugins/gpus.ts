// SPDX-License-Identifier: Apache-2.0
// Takes vendor, name and memory of every GPU out of @huggingface/tasks when the site is built: 1 KB instead of the package.
import { readFile } from "node:fs/promises";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Plugin } from "vite";

interface Sku {
  memory?: number[];
}
type Skus = Record<string, Record<string, Record<string, Sku>>>;

const ID = "virtual:gpus";
/** The package writes vendors in capitals; these are their own spellings. */
const VENDORS: Record<string, string> = { NVIDIA: "NVIDIA", AMD: "AMD", INTEL: "Intel", QUALCOMM: "Qualcomm" };

/** `virtual:gpus`: `{ version, gpus: [[vendor, name, [GB, ...]], ...] }`, only those whose memory is known. */
export function gpus(): Plugin {
  return {
    name: "tare-gpus",
    resolveId: (id) => (id === ID ? `\0${ID}` : null),
    async load(id) {
      if (id !== `\0${ID}`) return null;
      const entry = import.meta.resolve("@huggingface/tasks");
      const root = entry.slice(0, entry.lastIndexOf("/dist/"));
      const { version } = JSON.parse(await readFile(fileURLToPath(`${root}/package.json`), "utf8")) as { version: string };
      // The package's entry would do too, but it loads 2 MB of task descriptions on the way.
      const { SKUS } = (await import(pathToFileURL(fileURLToPath(`${root}/dist/esm/hardware.js`)).href)) as { SKUS: Skus };
      const rows: [string, string, number[]][] = [];
      for (const [vendor, models] of Object.entries(SKUS["GPU"] ?? {}))
        for (const [name, sku] of Object.entries(models)) if (sku.memory) rows.push([VENDORS[vendor] ?? vendor, name, sku.memory]);
      for (const [name, sku] of Object.entries(SKUS["Apple Silicon"]?.["-"] ?? {}))
        if (sku.memory) rows.push(["Apple", name.replace(/^Apple /, ""), sku.memory]);
      return `export default ${JSON.stringify({ version, gpus: rows })}`;
    },
  };
}
