import type { Json } from "@weir/protocol";
import { useEffect, useMemo, useReducer } from "react";
import { useHeldOpenings } from "./held-keys.ts";
import { JSON_VALUE, type Kind, type Opening, type SealKeys, TEXT } from "./openings.ts";

/** All of a list, in its order. What has to be waited for is shown in one go. */
export function useOpenings<T>(kind: Kind<T>, values: readonly T[], sealKeys: SealKeys): readonly Opening<T>[] {
  const openings = useHeldOpenings();
  const [, showAgain] = useReducer((count: number) => count + 1, 0);
  // Callers make lists anew when they render; what they say decides.
  const names = values.map((value) => (kind.isSealed(value) ? kind.nameOf(value) : "")).join("\n");
  const keyIds = sealKeys.map(({ id }) => id).join("\n");
  const asked = useMemo(() => ({ kind, values, sealKeys, openings }), [kind, names, keyIds, openings]);
  useEffect(() => {
    const sealed = asked.values.filter((value) => asked.kind.isSealed(value));
    if (sealed.length === 0) return;
    let left = false;
    const opened = sealed.map((value) => asked.openings.open(asked.kind, value, asked.sealKeys));
    void Promise.all(opened).then(() => left || showAgain());
    return () => {
      left = true;
    };
  }, [asked]);
  return values.map((value) => openings.peek(kind, value));
}

function useOpening<T>(kind: Kind<T>, value: T, sealKeys: SealKeys): Opening<T> {
  const [opening = { phase: "opening" }] = useOpenings(kind, [value], sealKeys);
  return opening;
}

/** A text that may be sealed, as the keys of this browser show it. */
export const useOpenedText = (text: string, sealKeys: SealKeys) => useOpening(TEXT, text, sealKeys);

/** A JSON value that may be sealed as a whole. */
export const useOpenedJson = (value: Json, sealKeys: SealKeys) => useOpening(JSON_VALUE, value, sealKeys);
