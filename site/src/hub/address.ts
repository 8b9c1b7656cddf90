// SPDX-License-Identifier: Apache-2.0
import type { Input, InputErrorCode } from "./types.ts";

/** First words of the Hub's paths that are not owners of models. */
const OTHER_PAGES = new Set(
  ("blog chat collections docs enterprise inference join kernels learn login models new notifications organizations papers posts " +
    "pricing search settings support tasks terms-of-service privacy welcome").split(" "),
);

/** What may follow a model's id in a path. `true`: a revision follows. */
const BELOW_A_MODEL: Record<string, boolean> = {
  tree: true, blob: true, resolve: true, raw: true, blame: true, edit: true, commits: true, commit: true, revision: true,
  discussions: false, settings: false, community: false, upload: false, new: false, delete: false,
};

/** An id as huggingface_hub accepts it: `name` or `owner/name`, neither `--` nor `..`, no `.git` at the end. */
export function isModelId(text: string): boolean {
  return /^(?:\w[\w.-]{0,95}\/)?\w(?:[\w.-]{0,94}\w)?$/.test(text) && !/--|\.\.|\.git$|[.-]\//.test(text);
}

/**
 * Reads an address of the Hub in any of its forms (page, tree, blob, resolve, raw, API, `hf.co/...`). Undefined where the text
 * is no address at all; an address of something else than a model is `invalid`.
 */
export function readHubAddress(text: string): Input | undefined {
  const parts = /^(?:https?:\/\/)?((?:[\w-]+\.)+[a-z]{2,}|localhost|[\d.]+)(?::\d+)?(\/[^?#]*)?(?:[?#].*)?$/i.exec(text);
  const explicit = /^[a-z][a-z+.-]*:\/\//i.test(text);
  const host = parts?.[1]?.toLowerCase().replace(/^www\./, "");
  if (host !== "huggingface.co" && host !== "hf.co") {
    return explicit ? invalid("other_site", text, "This is an address of another site; only models of huggingface.co can be looked up.") : undefined;
  }
  const segments = (parts?.[2] ?? "").split("/").filter((segment) => segment !== "").map(decode);
  return readPath(segments, text);
}

function readPath(segments: string[], text: string): Input {
  const path = withoutApi(segments);
  const [first, second] = path;
  if (first === "datasets") return invalid("dataset", text, "This is a dataset; Tare weighs models.");
  if (first === "spaces") return invalid("space", text, "This is a Space; give the model that it runs.");
  if (first === undefined || OTHER_PAGES.has(first)) return notAModel(text);
  const legacy = second === undefined || second in BELOW_A_MODEL;
  const id = (legacy ? first : `${first}/${second}`).replace(/\.git$/, "").replace(/:[\w.-]+$/, "");
  if (!isModelId(id)) return notAModel(text);
  const revision = readRevision(path.slice(legacy ? 1 : 2));
  return { type: "model", reference: revision === undefined ? { id } : { id, revision } };
}

/** `/api/models/x` and `/api/resolve-cache/models/x/sha/file` name `x` too. */
function withoutApi(segments: string[]): string[] {
  if (segments[0] !== "api") return segments;
  if (segments[1] === "models") return segments.slice(2);
  if (segments[1] !== "resolve-cache" || segments[2] !== "models") return segments.slice(1);
  const [owner = "", name = "", ...rest] = segments.slice(3);
  return [owner, name, "resolve", ...rest];
}

/** `main` stays unsaid, so that an address and the bare id give the same reference. */
function readRevision([verb, revision, ...rest]: string[]): string | undefined {
  if (verb === undefined || BELOW_A_MODEL[verb] !== true || revision === undefined || revision === "main") return undefined;
  const special = revision === "refs" && rest.length >= 2 && /^(?:pr|convert)$/.test(rest[0] ?? "");
  return special ? [revision, rest[0], rest[1]].join("/") : revision;
}

function notAModel(text: string): Input {
  return invalid("not_a_model_page", text, "This page of the Hub is not a model's; give the model's own page or its id.");
}

/** The value for a text that names no model; only its beginning is kept. */
export function invalid(code: InputErrorCode, where: string, text: string): Input {
  return { type: "invalid", error: { code, where: where.slice(0, 100), text } };
}

/** A broken percent sequence stays as it is. */
function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
