// SPDX-License-Identifier: Apache-2.0
import { defineConfig } from "vite";

// index.js and tare.js, readable; the module that Emscripten wrote stays a file of its own beside them.
export default defineConfig({
  publicDir: false,
  logLevel: "warn",
  build: {
    ssr: true,
    outDir: "dist",
    emptyOutDir: false,
    target: "es2022",
    minify: false,
    rollupOptions: {
      input: { index: "index.ts", tare: "cli/tare.ts" },
      external: [/tare_wasm\.js$/],
      output: { entryFileNames: "[name].js", chunkFileNames: "loader.js" },
    },
  },
});
