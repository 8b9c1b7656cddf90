// SPDX-License-Identifier: Apache-2.0
// The Hub's JSON interface below /api/.
import { errors, sendJson } from "./replies.mjs";

const PAGE = 1000;
const EXPANDED_PAGE = 50;

/** GET /api/models/{id}: all the usual facts, or id and just the fields named by `expand`. */
export function sendModel(response, repository, query) {
  const all = { ...modelFacts(repository), siblings: siblings(repository, query.get("blobs") === "true") };
  const expand = [...query.getAll("expand"), ...query.getAll("expand[]")];
  if (expand.length === 0) return sendJson(response, all);
  sendJson(response, Object.fromEntries(Object.entries(all).filter(([key]) => key === "_id" || key === "id" || expand.includes(key))));
}

function modelFacts(repository) {
  return {
    _id: repository.sha.slice(0, 24),
    id: repository.id,
    modelId: repository.id,
    author: repository.id.split("/")[0],
    sha: repository.sha,
    lastModified: "2026-01-01T00:00:00.000Z",
    createdAt: "2025-01-01T00:00:00.000Z",
    private: repository.private,
    gated: repository.gated,
    disabled: false,
    likes: 1,
    downloads: 0,
    tags: [],
    ...repository.facts,
  };
}

function siblings(repository, blobs) {
  return [...repository.files].map(([rfilename, file]) => {
    if (!blobs) return { rfilename };
    const lfs = file.lfs ? { lfs: { sha256: file.hash, size: file.size, pointerSize: 135 } } : {};
    return { rfilename, size: file.size, blobId: file.hash.slice(0, 40), ...lfs };
  });
}

/** GET /api/models/{id}/tree/{revision}/{folder}: pages of 1,000, the next one named in `Link`. */
export function sendTree(request, response, repository, folder, query) {
  const below = folder === "" ? "" : `${folder}/`;
  const entries = treeEntries(repository).filter(({ path }) => path.startsWith(below));
  if (entries.length === 0 && folder !== "") return errors.noEntry(response, repository.sha);
  const listed = query.get("recursive") === "true" ? entries : entries.filter(({ path }) => !path.slice(below.length).includes("/"));
  const page = query.get("expand") === "true" ? EXPANDED_PAGE : PAGE;
  const from = Number(query.get("cursor") ?? 0);
  if (from + page < listed.length) {
    const next = new URL(request.url, `http://${request.headers.host}`);
    next.searchParams.set("cursor", String(from + page));
    response.setHeader("Link", `<${next}>; rel="next"`);
  }
  sendJson(response, listed.slice(from, from + page));
}

/** POST /api/models/{id}/paths-info/{revision}: what is missing is left out. */
export async function sendPathsInfo(request, response, repository) {
  const { paths = [] } = JSON.parse(await readBody(request));
  sendJson(response, treeEntries(repository).filter(({ path }) => paths.includes(path)));
}

function treeEntries(repository) {
  const folders = new Set([...repository.files.keys()].filter((path) => path.includes("/")).map((path) => path.slice(0, path.lastIndexOf("/"))));
  const directories = [...folders].map((path) => ({ type: "directory", oid: repository.sha, size: 0, path }));
  return [...directories, ...[...repository.files].map(([path, file]) => treeEntry(path, file))];
}

function treeEntry(path, file) {
  const oid = file.hash.slice(0, 40);
  if (!file.lfs) return { type: "file", oid, size: file.size, path };
  return { type: "file", oid, size: file.size, lfs: { oid: file.hash, size: file.size, pointerSize: 135 }, path };
}

/** The models whose id holds the text, most downloaded first. */
export function searchModels(models, text, limit) {
  return [...models.values()]
    .filter((model) => !model.private && model.id.toLowerCase().includes(text.toLowerCase()))
    .sort((a, b) => (b.facts.downloads ?? 0) - (a.facts.downloads ?? 0))
    .slice(0, limit)
    .map(modelFacts);
}

async function readBody(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  if (!request.headers["content-type"]?.includes("form")) return text;
  const form = new URLSearchParams(text);
  return JSON.stringify({ paths: form.getAll("paths") });
}
