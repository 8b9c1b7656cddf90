// SPDX-License-Identifier: Apache-2.0
// Serves the built site as GitHub Pages does: static files below a sub-path, gzip, readable from other origins.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const DIST = fileURLToPath(new URL("../../site/dist/", import.meta.url));
const SUB_PATH = "/tare/";
const PUBLIC_HUB = "https://huggingface.co";

const TYPES: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".wasm": "application/wasm",
  ".webmanifest": "application/manifest+json",
};

export interface Site {
  /** `http://127.0.0.1:PORT/tare/` */
  url: string;
  /** The same server by another name: another origin to a browser. */
  otherUrl: string;
  /** Pages that are no part of the site, by path: `/foreign.html`. */
  foreign: Map<string, string>;
  close(): Promise<void>;
}

/** Serves `site/dist`. Its HTML names the public Hub; there, and in the policy, the fixture Hub takes its place. */
export async function serveSite(hubUrl: string): Promise<Site> {
  const foreign = new Map<string, string>();
  const server = createServer((request, response) => void answer(request, response, foreign, hubUrl));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}${SUB_PATH}`, otherUrl: `http://localhost:${port}${SUB_PATH}`, foreign, close };
}

async function answer(request: IncomingMessage, response: ServerResponse, foreign: Map<string, string>, hubUrl: string): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://site");
  const page = foreign.get(pathname);
  if (page !== undefined) return send(request, response, ".html", Buffer.from(page));
  if (!pathname.startsWith(SUB_PATH)) return void response.writeHead(404).end();
  const path = normalize(decodeURIComponent(pathname.slice(SUB_PATH.length)) + (pathname.endsWith("/") ? "index.html" : ""));
  try {
    const bytes = await readFile(join(DIST, path));
    const type = extname(path);
    send(request, response, type, type === ".html" ? Buffer.from(bytes.toString().replaceAll(PUBLIC_HUB, hubUrl)) : bytes);
  } catch {
    response.writeHead(404).end();
  }
}

function send(request: IncomingMessage, response: ServerResponse, type: string, bytes: Buffer): void {
  const gzip = /\bgzip\b/.test(String(request.headers["accept-encoding"])) && type !== ".png";
  response.setHeader("Content-Type", TYPES[type] ?? "application/octet-stream");
  response.setHeader("Cache-Control", "max-age=600");
  response.setHeader("Access-Control-Allow-Origin", "*");
  if (gzip) response.setHeader("Content-Encoding", "gzip");
  response.writeHead(200).end(gzip ? gzipSync(bytes) : bytes);
}
