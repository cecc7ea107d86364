import type { AuditOutcome } from "../generated/operations.ts";

const LOOKS = {
  done: "text-good",
  asked: "text-muted",
  refused: "text-warn",
  denied: "text-bad",
  failed: "text-bad",
} as const satisfies Record<AuditOutcome, string>;

interface OutcomeProps {
  readonly outcome: AuditOutcome;
  /** The refusal's. */
  readonly code: string | null;
}

/** How an operation went. */
export function Outcome({ outcome, code }: OutcomeProps) {
  return (
    <span className="whitespace-nowrap">
      <span className={LOOKS[outcome]}>{outcome}</span>
      {code !== null && <span className="ml-2 font-mono text-[13px] text-muted">{code}</span>}
    </span>
  );
}
