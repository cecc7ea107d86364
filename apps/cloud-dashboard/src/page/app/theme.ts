/** `system` follows the machine. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const PLACE = "weir-theme";

export function currentTheme(): Theme {
  const kept = localStorage.getItem(PLACE);
  return THEMES.find((theme) => theme === kept) ?? "system";
}

/** Colours follow `color-scheme`, which this sets. */
export function applyTheme(theme: Theme = currentTheme()): void {
  localStorage.setItem(PLACE, theme);
  document.documentElement.dataset.theme = theme;
}
