import { useNavigate } from "@tanstack/react-router";
import { useEffect, useEffectEvent, useRef } from "react";
import { keyAction, type KeyAction } from "./key-action.ts";
import { chooseItem, moveInList, openItem } from "./list-keys.ts";

const GO_MS = 1_500;

interface Openers {
  readonly palette: () => void;
  readonly help: () => void;
}

/** Listens for the keys of the page, wherever nobody types. */
export function useKeys({ palette, help }: Openers): void {
  const navigate = useNavigate();
  const wentAt = useRef(Number.NEGATIVE_INFINITY);
  const act = (action: KeyAction): boolean => {
    if (action.kind === "go") void navigate({ to: action.to });
    else if (action.kind === "next") moveInList(1);
    else if (action.kind === "previous") moveInList(-1);
    else if (action.kind === "choose") chooseItem();
    else if (action.kind === "open") return openItem();
    else if (action.kind === "search") document.querySelector<HTMLElement>("main input[type=search]")?.focus();
    else if (action.kind === "help") help();
    else if (action.kind === "palette") palette();
    return true;
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    const action = keyAction(event, event.timeStamp - wentAt.current < GO_MS);
    wentAt.current = action?.kind === "begin-go" ? event.timeStamp : Number.NEGATIVE_INFINITY;
    if (action === null || event.defaultPrevented || document.querySelector("dialog[open]") !== null) return;
    // The first of the path, for what stands in a shadow root: outside of it, its host is the target.
    if (action.kind !== "palette" && isTyping(event.composedPath()[0] ?? null)) return;
    if (act(action)) event.preventDefault();
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event);
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.matches("textarea, select, input:not([type=checkbox], [type=radio])");
}
