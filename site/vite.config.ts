// SPDX-License-Identifier: Apache-2.0
import { VitePWA } from "vite-plugin-pwa";
import { defineConfig } from "vitest/config";
import { blueprints } from "./plugins/blueprints.ts";
import { gpus } from "./plugins/gpus.ts";
import { messages } from "./plugins/messages.ts";
import { page } from "./plugins/page.ts";

export default defineConfig({
  base: "./",
  build: {
    target: "es2022",
    cssTarget: ["chrome123", "firefox128", "safari17.5"], // light-dark(), :dir(): what the page needs anyway
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0, // data: URLs are not in the policy of scripts
    rolldownOptions: { input: ["index.html", "embed/index.html", "coverage/index.html"] },
  },
  plugins: [
    messages(),
    gpus(),
    blueprints(),
    page(),
    VitePWA({
      registerType: "prompt",
      injectRegister: false,
      manifest: {
        name: "Tare",
        short_name: "Tare",
        description: "How much memory a model takes, from its config.json",
        start_url: "./",
        scope: "./",
        display: "standalone",
        theme_color: "#1f6feb",
        background_color: "#ffffff",
        icons: [{ src: "icon.svg", sizes: "any", type: "image/svg+xml", purpose: "any" }],
      },
      workbox: {
        globPatterns: ["**/*.{html,js,css,wasm,svg,webmanifest}", "examples/*.json", "blueprints/all.json"],
        globIgnores: ["tare-card.js"],
        maximumFileSizeToCacheInBytes: 64 * 1024 * 1024, // the pack of all blueprints
        // The whole state is in the query: any query of a page is that page.
        ignoreURLParametersMatching: [/./],
        navigateFallback: null,
        cleanupOutdatedCaches: true,
        clientsClaim: true, // the first visit too; a newer worker still waits to be let in
      },
    }),
  ],
  test: { include: ["test/**/*.test.ts"] },
});
