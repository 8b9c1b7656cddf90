// SPDX-License-Identifier: Apache-2.0
// Light, dark, or as the system says. What is chosen is applied before the first paint by a script in the HTML itself.

const KEY = "tare-theme";
const themes = ["system", "light", "dark"] as const;
type Theme = (typeof themes)[number];

/** Ties the switch in the page's head to the theme and remembers the choice. */
export function setUpTheme(): void {
  const choice = document.querySelector<HTMLSelectElement>("#theme");
  if (!choice) return;
  choice.value = document.documentElement.dataset["theme"] ?? "system";
  choice.addEventListener("change", () => {
    const theme: Theme = themes.find((one) => one === choice.value) ?? "system";
    if (theme === "system") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    try {
      if (theme === "system") localStorage.removeItem(KEY);
      else localStorage.setItem(KEY, theme);
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  });
}
