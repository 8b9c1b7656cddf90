// SPDX-License-Identifier: Apache-2.0
// The embeddable card: one script that loads the WebAssembly and the blueprints from beside itself.
import { defineConfig } from "vite";
import { blueprints } from "./plugins/blueprints.ts";
import { gpus } from "./plugins/gpus.ts";
import { messages } from "./plugins/messages.ts";

export default defineConfig({
  base: "./",
  publicDir: false,
  build: {
    target: "es2022",
    emptyOutDir: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    rolldownOptions: {
      input: "src/card.ts",
      output: { format: "es", codeSplitting: false, entryFileNames: "tare-card.js" },
    },
  },
  plugins: [messages(), gpus(), blueprints({ emit: false })],
});
