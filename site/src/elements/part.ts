// SPDX-License-Identifier: Apache-2.0
import { LitElement } from "lit";
import type { PropertyValues } from "lit";
import type { PageState } from "../state.ts";
import type { View } from "../store.ts";

/**
 * A part of the page. Parts render into the page itself, not into shadow roots: the example that is in the HTML before any script
 * runs then has the same style, labels reach their fields across parts, and there is one style sheet.
 */
export class Part extends LitElement {
  static override properties = { view: { attribute: false } };
  declare view: View;

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  protected override shouldUpdate(_changed: PropertyValues): boolean {
    return this.view !== undefined;
  }

  /** Asks the page to change what is chosen. */
  protected change(patch: Partial<PageState>): void {
    this.dispatchEvent(new CustomEvent("tare-change", { detail: patch, bubbles: true }));
  }

  /** Asks the page to open what was typed, pasted or dropped. */
  protected open(text: string): void {
    this.dispatchEvent(new CustomEvent("tare-open", { detail: text, bubbles: true }));
  }

  /** Has a sentence spoken to those who cannot see the change. */
  protected say(text: string): void {
    this.dispatchEvent(new CustomEvent("tare-say", { detail: text, bubbles: true }));
  }
}

declare global {
  interface HTMLElementEventMap {
    "tare-change": CustomEvent<Partial<PageState>>;
    "tare-open": CustomEvent<string>;
    "tare-say": CustomEvent<string>;
    "tare-token": CustomEvent<string>;
    "tare-retry": CustomEvent<undefined>;
  }
}
