import { MENU } from "./menu.ts";

/** What a key asks for. */
export type KeyAction =
  | { readonly kind: "go"; readonly to: (typeof MENU)[number]["to"] }
  | { readonly kind: "next" | "previous" | "open" | "choose" | "search" | "help" | "palette" | "begin-go" };

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

const KINDS = {
  j: "next",
  k: "previous",
  x: "choose",
  Enter: "open",
  "/": "search",
  "?": "help",
  g: "begin-go",
} as const;

/**
 * What a key means where nobody types a text; null: nothing of the page's own.
 * @param afterGo the key before was `g`
 */
export function keyAction({ key, ctrlKey, metaKey, altKey }: Pressed, afterGo: boolean): KeyAction | null {
  if ((ctrlKey || metaKey) && !altKey && key.toLowerCase() === "k") return { kind: "palette" };
  if (ctrlKey || metaKey || altKey) return null;
  if (afterGo) {
    const entry = MENU.find((one) => one.key === key);
    return entry === undefined ? null : { kind: "go", to: entry.to };
  }
  return Object.hasOwn(KINDS, key) ? { kind: KINDS[key as keyof typeof KINDS] } : null;
}
