import { useSyncExternalStore } from "react";

/** `system` follows the machine. */
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const PLACE = "weir-theme";
const changed = new EventTarget();

function currentTheme(): Theme {
  const kept = localStorage.getItem(PLACE);
  return THEMES.find((theme) => theme === kept) ?? "system";
}

/** Colours follow `color-scheme`, which this sets. */
export function applyTheme(theme: Theme = currentTheme()): void {
  localStorage.setItem(PLACE, theme);
  document.documentElement.dataset["theme"] = theme;
  changed.dispatchEvent(new Event("change"));
}

/** The theme that the person chose. */
export function useTheme(): Theme {
  return useSyncExternalStore((listener) => {
    changed.addEventListener("change", listener);
    return () => changed.removeEventListener("change", listener);
  }, currentTheme);
}
