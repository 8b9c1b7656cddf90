// SPDX-License-Identifier: Apache-2.0
// The service worker: keeps the page, the core, the examples and all blueprints, so that everything but the Hub works offline.

export interface Offline {
  /** Everything is kept. */
  ready: boolean;
  /** A newer page waits; calling this reloads into it. */
  update: (() => void) | undefined;
}

/** Registers the service worker once the page is idle, and tells what becomes of it. */
export async function keepOffline(tell: (offline: Offline) => void): Promise<void> {
  if (!("serviceWorker" in navigator) || import.meta.env.DEV) return;
  const ready = navigator.serviceWorker.controller !== null;
  tell({ ready, update: undefined });
  const { registerSW } = await import("virtual:pwa-register");
  const update = registerSW({
    onOfflineReady: () => tell({ ready: true, update: undefined }),
    onNeedRefresh: () => tell({ ready: false, update: () => void update(true) }),
  });
}
