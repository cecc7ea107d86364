import { TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";

interface SetLimitProps {
  readonly verb: string;
  readonly word: "tag" | "label";
  /** Absent: of a new limit. */
  readonly name?: string;
  readonly slots?: number;
  readonly set: (name: string, slots: number) => Promise<unknown>;
}

/** Makes or changes a limit. */
export function SetLimit({ verb, word, name, slots, set }: SetLimitProps) {
  const title = name === undefined ? `Set a limit by ${word}` : `Change the limit of ${name}`;
  return (
    <FormDialog
      verb={verb}
      title={title}
      save={(fields) => set(name ?? typed(fields, "name"), Number(typed(fields, "slots")))}
    >
      {name === undefined && (
        <TextField
          label={word === "tag" ? "Tag" : "Label"}
          name="name"
          maxLength={200}
          required
          hint={
            word === "tag" ? "As tasks have it in their option tags." : "As flows and runs have it in their labels."
          }
        />
      )}
      <TextField
        label="Slots"
        name="slots"
        type="number"
        min={0}
        step={1}
        defaultValue={slots ?? 1}
        required
        hint="How many at once. 0 blocks all: nothing begins, and what runs goes on."
      />
    </FormDialog>
  );
}
