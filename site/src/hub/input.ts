// SPDX-License-Identifier: Apache-2.0
import { invalid, isModelId, readHubAddress } from "./address.ts";
import type { Input, ModelReference } from "./types.ts";

const LOCAL_PATH = /^(?:\.{0,2}\/|~|[A-Za-z]:\\|file:|\\\\)|^[^/]+\.json$/;

/** Longest text that is read as a name or a command; anything longer is a config or nothing. */
const LONGEST_COMMAND = 4000;

/** An id, perhaps with the prefix of timm, the tag of a GGUF file or a revision. */
const NAME = /^(?:hf[-_]hub:)?([^\s:@"'#?]+)(?::[\w.-]+)?(?:@([^\s@]+))?$/;

/**
 * Lines of code and commands that name a model, with the id in `id` and perhaps the revision in `revision`. Order matters:
 * the first that matches is believed.
 */
const MENTIONS: RegExp[] = [
  /(?:from_pretrained|create_model|snapshot_download|model_info|SentenceTransformer|LLM)\(\s*(?:\w+\s*=\s*)?["'`](?<id>[^"'`]+)["'`]/,
  /\b(?:model|model_id|model_name|model_name_or_path|repo_id|pretrained_model_name_or_path)\s*[=:]\s*["'`](?<id>[^"'`]+)["'`]/,
  /(?:^|\s)--?(?:model|model-id|model_name_or_path|model-path|hf-repo|hf|repo-id)[=\s]\s*["']?(?<id>[^\s"']+)/,
  /\bollama\s+(?:run|pull|show)\s+(?<id>(?:https?:\/\/)?(?:hf\.co|huggingface\.co)\/\S+)/,
  /\baccelerate\s+estimate-memory\s+["']?(?<id>[^\s"'-][^\s"']*)/,
  /\b(?:hf|huggingface-cli)\s+download\s+["']?(?<id>[^\s"'-][^\s"']*)/,
  /\b(?:vllm|sglang)\s+serve\s+["']?(?<id>[^\s"'-][^\s"']*)/,
  /\bgit\s+clone\s+(?:git@hf\.co:)?(?<id>\S+)/,
  /(?<id>https?:\/\/(?:www\.)?(?:huggingface\.co|hf\.co)\/[^\s"'`)>\]]+)/,
];

const REVISION = /(?:\brevision\s*=\s*|--revision[=\s]\s*)["'`]?([^\s"'`,)]+)/;

/** `{...}`, or the way Python prints a config: `BertConfig {...}`. */
const CONFIG = /^(?:[A-Z]\w*Config\s+)?(?=\{)/;

/**
 * Reads what a person typed, pasted or dropped: a model's name, any of its addresses, a command or a line of code that names
 * it, or a config.json. Never throws; what names no model is `invalid` with a sentence that says why.
 */
export function readInput(text: string): Input {
  const trimmed = text.replace(/^\uFEFF/, "").trim();
  if (trimmed === "") return { type: "empty" };
  if (CONFIG.test(trimmed)) return { type: "config", text: trimmed.replace(CONFIG, "") };
  const named = trimmed.length > LONGEST_COMMAND ? undefined : (readName(trimmed) ?? readMention(trimmed));
  return named ?? (trimmed.startsWith("[") ? list(trimmed) : nonsense(trimmed));
}

/** Undefined where the text is no single name or address. */
function readName(text: string): Input | undefined {
  if (/\s/.test(text)) return undefined;
  if (LOCAL_PATH.test(text)) {
    return invalid("local_path", text, "This is a path on your own machine: drop the config.json here, or paste its text.");
  }
  const address = readHubAddress(text);
  if (address !== undefined) return address;
  const [, id, revision] = NAME.exec(text) ?? [];
  return id !== undefined && isModelId(id) ? model(id, revision) : undefined;
}

function readMention(text: string): Input | undefined {
  for (const pattern of MENTIONS) {
    const id = pattern.exec(text)?.groups?.["id"];
    const found = id === undefined ? undefined : readName(id);
    if (found?.type === "model") return withRevision(found.reference, REVISION.exec(text)?.[1]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function withRevision(reference: ModelReference, revision: string | undefined): Input {
  return model(reference.id, reference.revision ?? revision);
}

function model(id: string, revision: string | undefined): Input {
  return { type: "model", reference: revision === undefined ? { id } : { id, revision } };
}

function list(text: string): Input {
  return invalid("not_a_config", text, "This is a JSON list; a config.json is an object in braces.");
}

function nonsense(text: string): Input {
  return invalid("nonsense", text, "This names no model: type an id such as google-bert/bert-base-cased, or paste an address of the Hub or a config.json.");
}
