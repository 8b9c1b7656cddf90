// SPDX-License-Identifier: Apache-2.0
// The repositories that the fixture Hub serves: repositories.json made into files with sizes, hashes and bytes.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";

const here = new URL(".", import.meta.url);
const examples = new URL("../../site/public/examples/", here);

/**
 * @typedef {object} File
 * @property {number} size
 * @property {boolean} lfs large files are answered from the second origin
 * @property {string} hash of a git blob (SHA-1), or SHA-256 of a large file
 * @property {Buffer} head the first bytes; what follows is zeros, made when asked for
 * @property {boolean} [unannounced] sent without its length
 */

/**
 * @typedef {object} Repository
 * @property {string} id
 * @property {string} sha
 * @property {string | undefined} behind a commit that files of `main` still come from, as just after a push
 * @property {string[]} revisions besides `main`, all of the same commit
 * @property {boolean} private
 * @property {false | "auto" | "manual"} gated
 * @property {"rate-limited" | "disabled" | "broken" | "silent" | undefined} problem
 * @property {Record<string, unknown>} facts what the API says besides
 * @property {Map<string, File>} files
 */

/** @returns {{ tokens: Record<string, "reader" | "member">, moved: Record<string, string>, models: Map<string, Repository> }} */
export function loadRepositories() {
  const { tokens, moved, models } = JSON.parse(readFileSync(new URL("repositories.json", here), "utf8"));
  return { tokens, moved, models: new Map(Object.entries(models).map(([id, model]) => [id, makeRepository(id, model)])) };
}

function makeRepository(id, { files, manyFiles = 0, revisions = [], private: hidden = false, gated = false, problem, behind, ...facts }) {
  const made = new Map(Object.entries(files).map(([path, file]) => [path, makeFile(`${id}/${path}`, file)]));
  for (let i = 0; i < manyFiles; ++i) made.set(`part-${String(i).padStart(5, "0")}.txt`, makeFile("", { text: `${i}\n` }));
  return { id, sha: sha("sha1", id), revisions, private: hidden, gated, problem, behind, facts, files: made };
}

/** @returns {File} */
function makeFile(name, { text, json, example, zeros, unannounced, tensors }) {
  if (zeros !== undefined) return { size: zeros, lfs: !name.endsWith(".json"), hash: sha("sha256", name + zeros), head: Buffer.alloc(0), unannounced };
  if (tensors !== undefined) return makeSafetensors(tensors);
  const bytes = example === undefined ? Buffer.from(text ?? `${JSON.stringify(json, null, 2)}\n`) : readFileSync(new URL(`${example}.json`, examples));
  return { size: bytes.length, lfs: false, hash: sha("sha1", `blob ${bytes.length}\0`, bytes), head: bytes };
}

const BYTES = { F32: 4, BF16: 2 };

/** A header as safetensors writes it, before as many zeros as it promises. */
function makeSafetensors(tensors) {
  let end = 0;
  const header = Object.entries(tensors).map(([name, [dtype, shape]]) => {
    const start = end;
    end += shape.reduce((product, n) => product * n, BYTES[dtype]);
    return [name, { dtype, shape, data_offsets: [start, end] }];
  });
  const text = Buffer.from(JSON.stringify(Object.fromEntries([["__metadata__", { format: "pt" }], ...header])));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(text.length));
  const head = Buffer.concat([length, text]);
  return { size: head.length + end, lfs: true, hash: sha("sha256", head, String(end)), head };
}

function sha(algorithm, ...parts) {
  const hash = createHash(algorithm);
  for (const part of parts) hash.update(part);
  return hash.digest("hex");
}
