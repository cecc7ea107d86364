interface SuccessRateProps {
  /** Of the runs that ended last; null: they may not be read here. */
  readonly statistics: { readonly successes: number; readonly failures: number } | null;
}

/** How many of the runs that were not cancelled succeeded. */
export function SuccessRate({ statistics }: SuccessRateProps) {
  const { successes = 0, failures = 0 } = statistics ?? {};
  const all = successes + failures;
  if (all === 0) return <span className="text-muted">–</span>;
  // Rounded down: 100 % is said of nothing that has failed.
  const percent = Math.floor((100 * successes) / all);
  return (
    <span className="whitespace-nowrap tabular-nums">
      <span className={failures > 0 ? "font-medium text-bad" : ""}>{percent} %</span>{" "}
      <span className="text-[13px] font-normal text-muted">
        {successes} of {all}
      </span>
    </span>
  );
}
