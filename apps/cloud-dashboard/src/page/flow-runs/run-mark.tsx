import { useChange } from "../cloud/use-cloud.ts";
import { MarkRun } from "../generated/operations.ts";
import { SelectField, TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import type { StateByHand } from "./run-allowed.ts";

interface MarkRunAsProps {
  readonly id: string;
  readonly states: readonly StateByHand[];
}

/** Ends a run by a person's word. */
export function MarkRunAs({ id, states }: MarkRunAsProps) {
  const mark = useChange(MarkRun, ({ setFlowRunState }) => setFlowRunState);
  const save = (fields: FormData) => {
    const state = states.find((one) => one === typed(fields, "state")) ?? "Cancelled";
    return mark.mutateAsync({ input: { id, state, reason: typed(fields, "reason") } });
  };
  return (
    <FormDialog verb="Mark as…" title="Mark the run as" save={save}>
      <p className="mb-3">The run ends at once. An agent that holds it is told to stop. This cannot be undone.</p>
      <SelectField label="State" name="state">
        {states.map((one) => (
          <option key={one}>{one}</option>
        ))}
      </SelectField>
      <TextField label="Reason" name="reason" hint="For whoever reads its history." required />
    </FormDialog>
  );
}
