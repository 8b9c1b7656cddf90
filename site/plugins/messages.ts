// SPDX-License-Identifier: Apache-2.0
// Compiles a message catalogue (ICU messages in JSON) to functions when it is built, so that no parser is shipped.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import MessageFormat from "@messageformat/core";
import compileModule from "@messageformat/core/compile-module";
import type { Plugin } from "vite";

/** `import texts from "./en.json?messages"`: an object of functions, one for each message. */
export function messages(): Plugin {
  return {
    name: "tare-messages",
    enforce: "pre",
    async load(id) {
      const [file, query] = id.split("?");
      if (!file || query !== "messages") return null;
      this.addWatchFile(file);
      const catalogue = JSON.parse(await readFile(file, "utf8")) as Record<string, string>;
      const locale = basename(file, ".json");
      return { code: compileModule(new MessageFormat(locale), catalogue), moduleType: "js" };
    },
  };
}
