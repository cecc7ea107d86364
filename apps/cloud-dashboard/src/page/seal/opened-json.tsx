import type { Json } from "@weir/protocol";
import type { ReactNode } from "react";
import type { SealKeys } from "./openings.ts";
import { ClosedNote, OpenedMark, OpeningMark } from "./sealed-mark.tsx";
import { useOpenedJson } from "./use-opened.ts";

interface OpenedJsonProps {
  readonly value: Json | null | undefined;
  readonly sealKeys: SealKeys;
}

/** A JSON value that may be sealed as a whole. */
export function OpenedJson({ value, sealKeys }: OpenedJsonProps) {
  const opening = useOpenedJson(value ?? null, sealKeys);
  if (opening.phase === "opening") return <OpeningMark />;
  if (opening.phase === "closed") return <ClosedNote closed={opening.closed} />;
  const text = (
    <pre className="overflow-x-auto font-mono text-[13px]" tabIndex={0}>
      {JSON.stringify(opening.value, null, 2)}
    </pre>
  );
  return opening.phase === "plain" ? text : <OpenedBlock>{text}</OpenedBlock>;
}

/** Marks more than a line. */
export function OpenedBlock({ children }: { readonly children: ReactNode }) {
  return (
    <div className="border-l-2 border-sealed pl-3">
      <p className="mb-1">
        <OpenedMark>opened in this browser</OpenedMark>
      </p>
      {children}
    </div>
  );
}
