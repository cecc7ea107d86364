import type { Failure, Json } from "@weir/protocol";
import { failureOf } from "../seal/failure-of.ts";
import { OpenedText, OpeningText, type SealKeys } from "../seal/opened.tsx";
import { FAILURE } from "../seal/openings.ts";
import { useOpenings } from "../seal/use-opened.ts";
import { reasonText } from "./runs-reason.ts";

interface RunsFailureProps {
  readonly message: string | null;
  readonly failure: Json | null;
  readonly sealKeys: SealKeys;
}

/** Why a run failed, in one line: what failed first, in its own words. */
export function RunsFailure({ message, failure, sealKeys }: RunsFailureProps) {
  const read = failureOf(failure);
  if (read !== null) return <Reason failure={read} sealKeys={sealKeys} />;
  return <OpenedText text={message} sealKeys={sealKeys} brief />;
}

function Reason({ failure, sealKeys }: { readonly failure: Failure; readonly sealKeys: SealKeys }) {
  const [opening] = useOpenings(FAILURE, [failure], sealKeys);
  if (opening === undefined) return null;
  const told = "value" in opening ? { ...opening, value: reasonText(opening.value) } : opening;
  return <OpeningText opening={told} brief />;
}
