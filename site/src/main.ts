// SPDX-License-Identifier: Apache-2.0
import "./styles/page.css";
import type { TareApp } from "./elements/tare-app.ts";
import { startEngine } from "./engine.ts";
import { setUpKeys } from "./keys.ts";
import { keepOffline } from "./offline.ts";
import { readAddress } from "./state.ts";
import { Store } from "./store.ts";
import { setUpTheme } from "./theme.ts";

const root = new URL(".", location.href);
const hub = document.querySelector<HTMLMetaElement>('meta[name="tare-hub"]')?.content ?? "";

/** Puts the page in the place of the example, with what was typed into the example's box meanwhile. */
function takeOver(app: TareApp, example: Element): void {
  const typed = example.querySelector<HTMLInputElement>("#model");
  const text = typed?.value ?? "";
  const focused = document.activeElement === typed;
  example.replaceWith(app);
  // The box is made by an element in an element in the app: a task later all three are there.
  setTimeout(() => {
    const input = app.querySelector<HTMLInputElement>("#model");
    if (input && text) input.value = text;
    if (focused) input?.focus();
  });
}

/** Starts the page. On a first visit the example in the HTML stays until the same example is computed, so nothing jumps. */
async function start(): Promise<void> {
  setUpTheme();
  setUpKeys();
  const example = document.querySelector("#example");
  if (!example) return;
  const store = new Store(startEngine(root), root, hub);
  const { model, pasted } = readAddress(location);
  const answered = store.start();
  const { TareApp } = await import("./elements/tare-app.ts");
  if (!model && !pasted) await answered;
  const app = Object.assign(new TareApp(), { store, root, hub });
  takeOver(app, example);
  await answered;
  await keepOffline((offline) => (app.offline = offline));
}

void start();
