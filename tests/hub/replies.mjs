// SPDX-License-Identifier: Apache-2.0
// How the Hub words its answers: CORS, errors, redirects, bytes and ranges.

const EXPOSED =
  "X-Repo-Commit, X-Request-Id, X-Error-Code, X-Error-Message, X-Total-Count, ETag, Link, Accept-Ranges, Content-Range, X-Linked-Size, X-Linked-ETag, X-Xet-Hash";

/** The Hub echoes the page's origin, and lets it read just these headers: none about rate limits. */
export function allowOrigin(request, response) {
  response.setHeader("Access-Control-Allow-Origin", request.headers.origin ?? "https://huggingface.co");
  response.setHeader("Vary", "Origin");
  response.setHeader("Access-Control-Max-Age", "86400");
  response.setHeader("Access-Control-Expose-Headers", EXPOSED);
}

export function preflight(request, response) {
  const headers = request.headers["access-control-request-headers"];
  if (headers !== undefined) response.setHeader("Access-Control-Allow-Headers", headers);
  response.setHeader("Access-Control-Allow-Methods", request.headers["access-control-request-method"] ?? "GET");
  response.writeHead(204).end();
}

/** For the second origin, which is open to everybody. */
export function allowAll(response) {
  for (const header of ["Allow-Origin", "Expose-Headers", "Allow-Headers", "Allow-Methods"]) response.setHeader(`Access-Control-${header}`, "*");
}

export function sendJson(response, value, status = 200) {
  response.writeHead(status, { "Content-Type": "application/json; charset=utf-8" }).end(JSON.stringify(value));
}

function sendText(response, status, text) {
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8" }).end(text);
}

/** A relative redirect on the same host, as for moved models and small files. */
export function redirect(response, location, headers = {}) {
  response.writeHead(307, { Location: location, "Content-Type": "text/plain; charset=utf-8", ...headers }).end(`Temporary Redirect. Redirecting to ${location}`);
}

/** The Hub's errors by name. */
export const errors = {
  /** The repository does not exist or is private. Without a token the Hub does not say which. */
  noRepository(response, role) {
    if (role === undefined) return errors.unauthorized(response, "Invalid username or password.");
    response.setHeader("X-Error-Code", "RepoNotFound").setHeader("X-Error-Message", "Repository not found");
    sendJson(response, { error: "Repository not found" }, 404);
  },
  unauthorized(response, message) {
    response.setHeader("X-Error-Message", message).setHeader("WWW-Authenticate", 'Bearer realm="Authentication required"');
    sendJson(response, { error: message }, 401);
  },
  noEntry(response, sha) {
    response.setHeader("X-Error-Code", "EntryNotFound").setHeader("X-Error-Message", "Entry not found").setHeader("X-Repo-Commit", sha);
    sendText(response, 404, "Entry not found");
  },
  noRevision(response, revision) {
    const message = `Invalid rev id: ${revision}`;
    response.setHeader("X-Error-Code", "RevisionNotFound").setHeader("X-Error-Message", message);
    sendJson(response, { error: message }, 404);
  },
  gated(response, id, role) {
    const [status, next] =
      role === undefined
        ? [401, "You must have access to it and be authenticated to access it. Please log in."]
        : [403, `You are not in the authorized list. Visit https://huggingface.co/${id} to ask for access.`];
    const message = `Access to model ${id} is restricted. ${next}`;
    response.setHeader("X-Error-Code", "GatedRepo").setHeader("X-Error-Message", message);
    sendText(response, status, message);
  },
  disabled(response) {
    const message = "Access to this resource is disabled.";
    response.setHeader("X-Error-Message", message);
    sendJson(response, { error: message }, 403);
  },
  rateLimited(response) {
    response.setHeader("RateLimit", '"api";r=0;t=217').setHeader("RateLimit-Policy", '"fixed window";"api";q=500;w=300').setHeader("Retry-After", "217");
    sendJson(response, { error: "We had to rate limit your IP. To continue using our service, create a HF account or login to your existing account." }, 429);
  },
  broken(response) {
    sendText(response, 502, "Bad Gateway");
  },
  notFound(response) {
    sendJson(response, { error: "Sorry, we can't find the page you are looking for." }, 404);
  },
};

/** The bytes of a file, whole or the range asked for; only the header of it for HEAD. */
export function sendFile(request, response, file) {
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? "");
  const start = range === null ? 0 : Number(range[1]);
  const end = range?.[2] ? Math.min(Number(range[2]) + 1, file.size) : file.size;
  response.setHeader("Accept-Ranges", "bytes");
  if (start >= end && file.size > 0) {
    response.writeHead(416, { "Content-Range": `bytes */${file.size}` }).end();
    return;
  }
  if (range !== null) response.setHeader("Content-Range", `bytes ${start}-${end - 1}/${file.size}`);
  if (!file.unannounced) response.setHeader("Content-Length", end - start);
  response.writeHead(range === null ? 200 : 206);
  if (request.method === "HEAD") response.end();
  else writeBytes(response, file, start, end);
}

const ZEROS = Buffer.alloc(65536);

/** Writes as fast as the client reads, and stops when it is gone. */
function writeBytes(response, file, start, end) {
  let at = start;
  const write = () => {
    while (at < end && !response.destroyed) {
      const part = at < file.head.length ? file.head.subarray(at, end) : ZEROS.subarray(0, end - at);
      at += part.length;
      if (!response.write(part)) return void response.once("drain", write);
    }
    response.end();
  };
  write();
}
