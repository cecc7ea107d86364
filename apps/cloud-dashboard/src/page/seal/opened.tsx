import type { ReactNode } from "react";
import type { Opening, SealKeys } from "./openings.ts";
import { ClosedMark, OpenedMark, OpeningMark } from "./sealed-mark.tsx";
import { useOpenedText } from "./use-opened.ts";

export { OpenedFailure } from "./opened-failure.tsx";
export { OpenedJson } from "./opened-json.tsx";
export type { SealKeys } from "./openings.ts";

interface OpenedTextProps {
  readonly text: string | null | undefined;
  readonly sealKeys: SealKeys;
  /** Holds no link, for places that are links themselves. */
  readonly brief?: boolean;
}

/** A text that may be sealed: opened in place with the keys of this browser. */
export function OpenedText({ text, sealKeys, brief = false }: OpenedTextProps) {
  return <OpeningText opening={useOpenedText(text ?? "", sealKeys)} brief={brief} />;
}

interface OpeningTextProps {
  readonly opening: Opening<string>;
  readonly brief: boolean;
  /** How the text is shown once it is there; as it is when left out. */
  readonly show?: (text: string) => ReactNode;
}

/** A text of a list that was opened as one. */
export function OpeningText({ opening, brief, show = (text) => text }: OpeningTextProps) {
  if (opening.phase === "opening") return <OpeningMark />;
  if (opening.phase === "closed") return <ClosedMark closed={opening.closed} brief={brief} />;
  return opening.phase === "plain" ? show(opening.value) : <OpenedMark>{show(opening.value)}</OpenedMark>;
}
