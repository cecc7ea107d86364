import type { Failure, Json } from "@weir/protocol";
import { chainOf, failureOf } from "./failure-of.ts";
import { OpenedBlock, OpenedJson } from "./opened-json.tsx";
import { FAILURE, type SealKeys } from "./openings.ts";
import { ClosedNote, OpeningMark } from "./sealed-mark.tsx";
import { useOpenings } from "./use-opened.ts";

interface OpenedFailureProps {
  /** `Failure` of the protocol. */
  readonly failure: Json | null | undefined;
  readonly sealKeys: SealKeys;
}

/** A failure with its causes, that may be sealed. */
export function OpenedFailure({ failure, sealKeys }: OpenedFailureProps) {
  const read = failureOf(failure);
  if (read === null) return <OpenedJson value={failure} sealKeys={sealKeys} />;
  return <WholeFailure failure={read} sealKeys={sealKeys} />;
}

function WholeFailure({ failure, sealKeys }: { readonly failure: Failure; readonly sealKeys: SealKeys }) {
  const [opening] = useOpenings(FAILURE, [failure], sealKeys);
  if (opening === undefined || opening.phase === "opening") return <OpeningMark />;
  if (opening.phase === "closed") return <ClosedNote closed={opening.closed} />;
  const chain = <FailureChain failure={opening.value} />;
  return opening.phase === "plain" ? chain : <OpenedBlock>{chain}</OpenedBlock>;
}

function FailureChain({ failure }: { readonly failure: Failure }) {
  return (
    <div className="font-mono text-[13px]">
      {chainOf(failure).map(({ failure: one, role, depth }, index) => (
        // The chain of one failure never changes.
        <div key={index} style={{ marginLeft: `${depth * 0.75}rem` }} className={depth === 0 ? "" : "mt-2"}>
          <p className="break-words whitespace-pre-wrap">
            {role !== "" && <span className="text-muted">{role} </span>}
            <span className="font-semibold text-bad">{one.name}</span>: {one.message}
          </p>
          {one.code !== undefined && <p className="text-muted">{one.code}</p>}
          {one.stack !== undefined && <Stack text={one.stack} isOpen={depth === 0} />}
        </div>
      ))}
    </div>
  );
}

function Stack({ text, isOpen }: { readonly text: string; readonly isOpen: boolean }) {
  return (
    <details open={isOpen} className="mt-1">
      <summary className="text-muted">Stack</summary>
      <pre className="mt-1 overflow-x-auto text-muted" tabIndex={0}>
        {text}
      </pre>
    </details>
  );
}
