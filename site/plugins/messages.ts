// SPDX-License-Identifier: Apache-2.0
// Compiles a message catalogue (ICU messages in JSON) to functions when it is built, so that no parser is shipped.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import MessageFormat from "@messageformat/core";
import compileModule from "@messageformat/core/compile-module";
import type { Plugin } from "vite";

/** Pages with words of their own, which other pages need not load: the keys that begin with the page's name. */
const PAGES = ["coverage"];
const pageOf = (key: string) => PAGES.find((page) => key.startsWith(`${page}.`));

/** `import texts from "./en.json?messages"`: an object of functions, one for each message; `?messages=coverage`: those of that page. */
export function messages(): Plugin {
  return {
    name: "tare-messages",
    enforce: "pre",
    async load(id) {
      const [file, query] = id.split("?");
      const [kind, page] = query?.split("=") ?? [];
      if (!file || kind !== "messages") return null;
      this.addWatchFile(file);
      const catalogue = JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
      const wanted = Object.fromEntries(Object.entries(catalogue).filter(([key]) => pageOf(key) === page));
      return { code: compileModule(new MessageFormat(basename(file, ".json")), wanted), moduleType: "js" };
    },
  };
}
