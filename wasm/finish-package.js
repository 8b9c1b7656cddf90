// SPDX-License-Identifier: Apache-2.0
// Completes dist/ to the npm package: the blueprints, so that it works without a network, and its own package.json.
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";

const own = (path) => new URL(path, import.meta.url);
const blueprints = own("../core/blueprints/");

rmSync(own("dist/blueprints"), { recursive: true, force: true });
mkdirSync(own("dist/blueprints"));
for (const name of ["index.json", "coverage.json", "transformers", "timm"]) {
  if (!existsSync(new URL(name, blueprints))) throw new Error(`core/blueprints/${name} is missing: run make blueprints`);
  cpSync(new URL(name, blueprints), own(`dist/blueprints/${name}`), { recursive: true });
}
for (const name of ["README.md", "LICENSE"]) cpSync(own(`../${name}`), own(`dist/${name}`));

const { name, version, description, license, type, engines, exports } = JSON.parse(readFileSync(own("package.json"), "utf8"));
const published = {
  name,
  version,
  description,
  license,
  type,
  engines,
  types: "./index.d.ts",
  exports: JSON.parse(JSON.stringify(exports).replaceAll("./dist/", "./")),
  bin: { tare: "./tare.js" },
};
writeFileSync(own("dist/package.json"), `${JSON.stringify(published, null, 2)}\n`);
