import { STATES, type StateName } from "@weir/protocol/state";

/** A state: its name, and its colour as a dot, which alone would tell too little. */
export function StateBadge({ state }: { readonly state: StateName }) {
  return (
    <span className="inline-flex items-center gap-1.5 rounded-full border border-line bg-panel px-2 py-0.5 text-[13px] whitespace-nowrap">
      <StateDot state={state} />
      {state}
    </span>
  );
}

/** The colour alone, where the name stands beside it. */
export function StateDot({ state }: { readonly state: StateName }) {
  return (
    <span aria-hidden className="size-2.5 shrink-0 rounded-full" style={{ backgroundColor: STATES[state].color }} />
  );
}
