import { BOUNDARY_ACTIONS } from "@weir/protocol/boundary-actions";
import { useId } from "react";
import { actionsOf, type DecidedClass, defaultOf } from "./policy-lines.ts";
import { useChosenPolicy } from "./use-chosen-policy.ts";

/** What a policy may do with a class, to choose from. */
export function PolicyChoice({ dataClass }: { readonly dataClass: DecidedClass }) {
  const id = useId();
  const [chosen, choose] = useChosenPolicy();
  const action = chosen[dataClass];
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-t border-line px-4 py-2">
      <label htmlFor={id}>In your policy</label>
      <select
        id={id}
        value={action ?? ""}
        onChange={(event) => choose(dataClass, event.target.value)}
        className="min-h-8 rounded-md border border-line bg-ground px-2"
      >
        <option value="">as it is now</option>
        {actionsOf(dataClass).map((each) => (
          <option key={each} value={each}>
            {each}
            {each === defaultOf(dataClass) && " (default)"}
          </option>
        ))}
      </select>
      {action !== undefined && (
        <code className="text-[13px]">
          {dataClass}: {action}
        </code>
      )}
      <span className="min-w-0 text-muted">
        {action === undefined ? "Choose what is to become of it, and take the lines below." : BOUNDARY_ACTIONS[action]}
      </span>
    </div>
  );
}
