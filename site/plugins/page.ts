// SPDX-License-Identifier: Apache-2.0
// Finishes the HTML: words from the catalogue, the Hub's address, and a content security policy that fits what is built.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Plugin } from "vite";

const WORDS = new URL("../src/messages/en.json", import.meta.url);

/** What several pages have alike, from `parts/`. */
function withParts(html: string): string {
  return html.replace(/<!-- part ([\w-]+) -->/g, (_, name: string) => readFileSync(new URL(`../parts/${name}.html`, import.meta.url), "utf8").trimEnd());
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
}

/** The policy of a page: nothing but the site itself and the Hub; inline scripts only by their hash. */
function policy(html: string, hub: string): string {
  const inline = [...html.matchAll(/<script>([^]*?)<\/script>/g)].map(
    ([, code]) => `'sha256-${createHash("sha256").update(code ?? "").digest("base64")}'`,
  );
  return [
    "default-src 'none'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...inline].join(" "),
    "style-src 'self'",
    "img-src 'self' data:",
    `connect-src 'self' ${hub === "https://huggingface.co" ? `${hub} https://*.hf.co` : hub}`,
    "worker-src 'self'",
    "manifest-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
  ].join("; ");
}

/**
 * Replaces `<!-- part name -->` by `parts/name.html`, `%t:key%` and `%t:key(name=value)%` by the catalogue's words and `%hub%` by the Hub's base URL: `TARE_HUB` of the environment, for tests and
 * mirrors, else the public Hub. The policy is left out while developing, where Vite itself writes inline code.
 */
export function page(): Plugin {
  const hub = process.env["TARE_HUB"] || "https://huggingface.co";
  let building = false;
  return {
    name: "tare-page",
    configResolved(config) {
      building = config.command === "build";
    },
    transformIndexHtml: {
      order: "pre",
      handler(html) {
        const words = JSON.parse(readFileSync(WORDS, "utf8")) as Record<string, string>;
        const filled = withParts(html).replaceAll("%hub%", escape(hub)).replace(/%t:([\w.]+)(?:\((\w+)=([^)]*)\))?%/g, (_, key: string, name?: string, value = "") => {
          const text = words[key];
          if (text === undefined) throw new Error(`no message ${key}`);
          return escape(name ? text.replace(`{${name}}`, value) : text);
        });
        const meta = `<meta http-equiv="Content-Security-Policy" content="${policy(filled, hub)}">`;
        return building ? filled.replace("<!-- policy -->", meta) : filled;
      },
    },
  };
}
