import { type FormEvent, useState } from "react";
import type { EraseHoldingsInput } from "../generated/operations.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { readEraseWish } from "./erase-wish.ts";

interface EraseFormProps {
  readonly tenant: string;
  readonly start: (input: EraseHoldingsInput) => void;
  readonly cancel: () => void;
}

/** What is to be erased. Nothing happens before the tenant's name is typed. */
export function EraseForm({ tenant, start, cancel }: EraseFormProps) {
  const [name, setName] = useState("");
  const [before, setBefore] = useState("");
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    start(readEraseWish(new FormData(event.currentTarget)));
  };
  return (
    <form onSubmit={submit}>
      <p className="mb-3">
        Runs go with their states, task runs, logs, artifacts and cached results; and, unless a day is given, the
        key-value store. Nothing can be brought back. Results lie in your own storage and stay there; so do people, keys
        and the audit log, which holds digests alone.
      </p>
      <TextField
        label="Only runs that were made before (day in UTC)"
        name="before"
        type="date"
        value={before}
        onChange={(event) => setBefore(event.target.value)}
        hint="Empty: all of them. Refused while an agent holds one of them."
      />
      <label className="mb-3 flex items-baseline gap-2 has-disabled:text-muted">
        <input type="checkbox" name="flows" disabled={before !== ""} />
        Flows too, with their versions, settings and schedules
      </label>
      <TextField
        label={`Name of the tenant: ${tenant}`}
        name="tenantName"
        value={name}
        onChange={(event) => setName(event.target.value)}
        hint="Typed by you, so that nobody erases the wrong one."
        required
      />
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={cancel}>Leave it</Button>
        <Button kind="danger" type="submit" disabled={name.trim() !== tenant}>
          Erase
        </Button>
      </div>
    </form>
  );
}
