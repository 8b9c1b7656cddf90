// SPDX-License-Identifier: Apache-2.0
// The page for frames: one card, its state in the address as on the page itself, its height told to whoever frames it.
import "./styles/embed.css";
import { TareCard } from "./card.ts";
import { readAddress } from "./state.ts";

const hub = document.querySelector<HTMLMetaElement>('meta[name="tare-hub"]')?.content ?? null;
const card = Object.assign(new TareCard(), { state: readAddress(location), base: new URL("../", location.href), hub });
document.querySelector("main")?.replaceChildren(card);

/** `{ type: "tare-height", height }` in CSS pixels. It goes to any origin: a height is no secret, and any page may frame this one. */
new ResizeObserver(() => {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  parent.postMessage({ type: "tare-height", height }, "*");
}).observe(document.documentElement);
