// SPDX-License-Identifier: Apache-2.0
// Serves core/blueprints to the page: one file per model type to start quickly, and one pack of all of them for offline use.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import type { Plugin } from "vite";
import { pack } from "./pack.ts";

const ROOT = new URL("../../core/blueprints/", import.meta.url);
/** `index`, `coverage`, `transformers/bert`, `timm/resnet` and so on, to their text without white space. */
export function readBlueprints(): Map<string, string> {
  const files = readdirSync(ROOT, { recursive: true, encoding: "utf8" })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => /^(index|coverage|(transformers|timm)\/[^/]+)\.json$/.test(file))
    .sort();
  return new Map(files.map((file) => [file.slice(0, -5), JSON.stringify(JSON.parse(readFileSync(new URL(file, ROOT), "utf8")))]));
}

/** Classes to show a model type by whose AutoModel is not described, or that has none: the first class of its file. */
function exampleClasses(files: Map<string, string>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, text] of files) {
    if (!name.startsWith("transformers/")) continue;
    const { auto = {}, classes } = JSON.parse(text) as { auto?: Record<string, string | string[]>; classes: object };
    const [first] = Object.keys(classes);
    if (first && ![auto["AutoModel"] ?? ""].flat().some((one) => one in classes)) found[name.slice("transformers/".length)] = first;
  }
  return found;
}

/**
 * Emits `blueprints/<hash>/<library>/<name>.json` and `blueprints/all.json`. The hash keeps a page that is still open, or cached,
 * away from the blueprints of a newer one. `virtual:blueprints` holds the hash, `virtual:example-classes` what
 * `exampleClasses` gives. `emit: false` is for a build beside one that has emitted them.
 */
export function blueprints({ emit = true } = {}): Plugin {
  const files = readBlueprints();
  const hash = createHash("sha256").update(JSON.stringify([...files])).digest("hex").slice(0, 8);
  let packed: string | undefined; // not before it is asked for: the order takes a second
  const all = () => (packed ??= pack(files));
  const modules = new Map([
    ["virtual:blueprints", () => `export const hash = ${JSON.stringify(hash)};`],
    ["virtual:example-classes", () => `export default ${JSON.stringify(exampleClasses(files))};`],
  ]);
  return {
    name: "tare-blueprints",
    resolveId: (id) => (modules.has(id) ? `\0${id}` : null),
    load: (id) => (id.startsWith("\0") ? modules.get(id.slice(1))?.() : null),
    configureServer(server) {
      server.middlewares.use((request, response, next) => {
        const path = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
        const name = path.match(/\/blueprints\/[0-9a-f]{8}\/(.+)\.json$/)?.[1];
        const text = path.endsWith("/blueprints/all.json") ? all() : name && files.get(name);
        if (!text) return next();
        response.setHeader("content-type", "application/json").end(text);
      });
    },
    generateBundle() {
      if (!emit) return;
      for (const [name, source] of files) this.emitFile({ type: "asset", fileName: `blueprints/${hash}/${name}.json`, source });
      this.emitFile({ type: "asset", fileName: "blueprints/all.json", source: all() });
    },
  };
}
