// SPDX-License-Identifier: Apache-2.0
// The coverage page: what Tare covers, how far, and why not the rest.
import "./styles/page.css";
import "./styles/coverage.css";
import { TareCoverage } from "./elements/tare-coverage.ts";
import { setUpTheme } from "./theme.ts";

const root = new URL("../", location.href);

/** Shows the list; then the site is kept for offline use, as it is by its main page. A newer version waits for that page to ask. */
async function start(): Promise<void> {
  setUpTheme();
  const list = Object.assign(new TareCoverage(), { root });
  document.querySelector("main")?.append(list);
  await list.load();
  if ("serviceWorker" in navigator && !import.meta.env.DEV) await navigator.serviceWorker.register(new URL("sw.js", root)).catch(() => undefined);
}

void start();
