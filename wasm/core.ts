// SPDX-License-Identifier: Apache-2.0
import createModule from "./tare_wasm.js";
import type { Answer, Options } from "./types.js";

/** The core, ready to be asked. It keeps nothing between two questions. */
export interface Core {
  /**
   * Weighs one model.
   * @param config the config.json as it came
   * @param blueprints texts of the blueprint files, the root's first or not
   * @returns a report, or a failure as a value; bad input never throws
   */
  estimate(config: string, blueprints: readonly string[], options?: Options): Answer;
}

/** The core's own limit. Applied here too, because a text is copied into the module, whose memory grows and never shrinks. */
const longestText = 8 * 1024 * 1024;

/**
 * Loads the WebAssembly module that lies beside this file.
 * @param wasm its bytes, where they are at hand; needed in node, a browser fetches and compiles them while they stream in
 * @throws where the module cannot be fetched or this browser has no WebAssembly
 */
export async function loadCore(wasm?: Uint8Array): Promise<Core> {
  const encoder = new TextEncoder();
  const module = await createModule(wasm ? { wasmBinary: wasm } : {});
  return {
    estimate(config, blueprints, options = {}) {
      if (config.length > longestText) return tooLong(config.length);
      // Bytes cross faster than strings, which the glue would encode one character at a time.
      const bytes = (text: string) => encoder.encode(text);
      const answer = module.estimate(bytes(config), bytes(`[${blueprints.join(",")}]`), bytes(JSON.stringify(options)));
      return JSON.parse(answer) as Answer;
    },
  };
}

function tooLong(length: number): Answer {
  const text = `The config has ${length} characters; a config.json of more than ${longestText} is not read.`;
  return { error: { code: "invalid_json", where: "config", text } };
}
