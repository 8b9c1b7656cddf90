// SPDX-License-Identifier: Apache-2.0
// A Hub for tests: answers as the real one does, from repositories.json, on two local ports (the Hub and its CDN). Models
// only; large files are Git LFS, not Xet; no sign-in, only the two tokens of repositories.json. Checked against the Hub's own
// clients: official-client.test.ts, and by hand check_with_huggingface_hub.py.
import { createServer } from "node:http";
import { searchModels, sendModel, sendPathsInfo, sendTree } from "./api.mjs";
import { allowAll, allowOrigin, errors, preflight, redirect, sendFile, sendJson } from "./replies.mjs";
import { loadRepositories } from "./repositories.mjs";

/**
 * Starts the Hub.
 * @param {{ port?: number, cdnPort?: number, quicksearch?: boolean }} [options] ports: 0 takes free ones; without `quicksearch`
 *   the undocumented type-ahead is missing
 * @returns {Promise<{ url: string, cdnUrl: string, requests: { method: string, url: string, headers: import("node:http").IncomingHttpHeaders }[],
 *   close(): Promise<void> }>} `requests`: all that came to either port, oldest first; a URL of the CDN is absolute
 */
export async function startHub({ port = 0, cdnPort = 0, quicksearch = true } = {}) {
  const repositories = loadRepositories();
  const requests = [];
  const cdn = createServer((request, response) => {
    requests.push({ method: request.method, url: `http://${request.headers.host}${request.url}`, headers: request.headers });
    answerCdn(request, response, repositories.models);
  });
  const cdnUrl = await listen(cdn, cdnPort);
  const hub = createServer((request, response) => {
    requests.push({ method: request.method, url: request.url, headers: request.headers });
    answer(request, response, { ...repositories, cdnUrl, quicksearch });
  });
  const url = await listen(hub, port);
  return { url, cdnUrl, requests, close: () => Promise.all([stop(hub), stop(cdn)]).then(() => undefined) };
}

function listen(server, port) {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", () => resolve(`http://127.0.0.1:${server.address().port}`));
  });
}

function stop(server) {
  return new Promise((resolve) => {
    server.close(resolve);
    server.closeAllConnections();
  });
}

function answer(request, response, hub) {
  const { pathname, searchParams: query } = new URL(request.url, "http://hub");
  if (!/^\/api\/|\/(?:resolve|raw)\//.test(pathname)) return sendPage(response);
  allowOrigin(request, response);
  if (request.method === "OPTIONS") return preflight(request, response);
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  const role = token === undefined ? undefined : hub.tokens[token];
  if (token !== undefined && role === undefined) return errors.unauthorized(response, "Invalid credentials in Authorization header");
  if (pathname === "/api/quicksearch" && hub.quicksearch) return sendJson(response, { models: searchModels(hub.models, query.get("q") ?? "", 5).map(({ _id, id }) => ({ _id, id })) });
  if (pathname === "/api/models") return sendJson(response, searchModels(hub.models, query.get("search") ?? "", Number(query.get("limit") ?? 30)));
  const route = readRoute(pathname);
  return route === undefined ? errors.notFound(response) : answerModel(request, response, { ...hub, query, role, route });
}

/** The site's own pages may be neither framed nor read by other sites. */
function sendPage(response) {
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "X-Frame-Options": "DENY" }).end("<!doctype html><title>A page of the Hub</title>");
}

const VERBS = "revision|tree|paths-info|resolve|raw";

/** An id with an encoded slash is no id here: the real Hub counts such requests against a far smaller quota. */
function readRoute(pathname) {
  const cached = /^\/api\/resolve-cache\/models\/([^/]+\/[^/]+)\/([^/]+)\/(.+)$/.exec(pathname);
  if (cached !== null) return { id: cached[1], verb: "resolve-cache", revision: decodeURIComponent(cached[2]), path: decodeURIComponent(cached[3]), prefix: "/api/resolve-cache/models/" };
  const match = new RegExp(`^(/api/models/|/)((?!api/)[\\w.-]+(?:/(?!(?:${VERBS})/)[\\w.-]+)?)(?:/(${VERBS})/([^/]+)(?:/(.*))?)?$`).exec(pathname);
  if (match === null) return undefined;
  const [, prefix, id, verb = "revision", revision = "main", path = ""] = match;
  return { id, verb, revision: decodeURIComponent(revision), path: decodeURIComponent(path), prefix };
}

function answerModel(request, response, hub) {
  const { route, role } = hub;
  const id = hub.moved[route.id] ?? [...hub.models.keys()].find((known) => known.toLowerCase() === route.id.toLowerCase());
  const repository = id === undefined ? undefined : hub.models.get(id);
  if (repository === undefined || (repository.private && role !== "member")) return errors.noRepository(response, role);
  if (id !== route.id) return redirect(response, request.url.replace(route.prefix + route.id, route.prefix + id));
  if (repository.problem === "rate-limited") return errors.rateLimited(response);
  if (repository.problem === "disabled") return errors.disabled(response);
  if (repository.problem === "broken") return errors.broken(response);
  if (repository.problem === "silent") return undefined;
  const { sha, behind, revisions } = repository;
  if (!["main", "HEAD", sha, behind, ...revisions].includes(route.revision)) return errors.noRevision(response, route.revision);
  if (route.verb === "revision") return sendModel(response, repository, hub.query);
  if (route.verb === "tree") return sendTree(request, response, repository, route.path, hub.query);
  if (route.verb === "paths-info") return sendPathsInfo(request, response, repository);
  return answerFile(request, response, repository, hub);
}

function answerFile(request, response, repository, { route, role, cdnUrl }) {
  const { id, sha, behind } = repository;
  if (repository.gated !== false && role !== "member") return errors.gated(response, id, role);
  const file = repository.files.get(route.path);
  if (file === undefined) return errors.noEntry(response, sha);
  const commit = ["main", behind].includes(route.revision) ? (behind ?? sha) : sha;
  response.setHeader("X-Repo-Commit", commit);
  response.setHeader("ETag", `"${file.hash}"`);
  if (route.verb === "raw" && file.lfs) return sendFile(request, response, pointerOf(file));
  if (file.lfs) return sendToCdn(response, file, `${cdnUrl}/xet-bridge-us/${id}/${route.path}?Signature=fixture&Expires=3600`);
  if (route.verb === "resolve") return redirect(response, `/api/resolve-cache/models/${id}/${commit}/${encodeURIComponent(route.path)}`);
  return sendFile(request, response, file);
}

function sendToCdn(response, file, location) {
  response.writeHead(302, { Location: location, "X-Linked-Size": file.size, "X-Linked-ETag": `"${file.hash}"`, "Accept-Ranges": "bytes" }).end();
}

/** What git holds in place of a large file. */
function pointerOf(file) {
  const head = Buffer.from(`version https://git-lfs.github.com/spec/v1\noid sha256:${file.hash}\nsize ${file.size}\n`);
  return { ...file, size: head.length, head };
}

function answerCdn(request, response, models) {
  allowAll(response);
  if (request.method === "OPTIONS") return response.writeHead(200).end();
  const [, id = "", path = ""] = /^\/xet-bridge-us\/([^/]+\/[^/]+)\/([^?]+)/.exec(request.url) ?? [];
  const file = models.get(id)?.files.get(decodeURIComponent(path));
  if (file === undefined) return response.writeHead(403).end();
  response.setHeader("ETag", `"${file.hash}"`);
  sendFile(request, response, file);
}
