// SPDX-License-Identifier: Apache-2.0

/** Is somebody writing there? Then single keys are letters, not commands. */
export function isWriting(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return !["radio", "checkbox", "file"].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** `/` goes to the box, `?` opens the help; from the first moment, when the box is still the one in the HTML. */
export function setUpKeys(): void {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    if (event.key === "?") document.querySelector<HTMLElement>("#help-panel")?.togglePopover();
    if (event.key !== "/") return;
    event.preventDefault();
    document.querySelector<HTMLInputElement>("#model")?.focus();
    document.querySelector<HTMLInputElement>("#model")?.select();
  });
}
