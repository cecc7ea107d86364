import type { Json } from "@weir/protocol";
import { isSealedJson } from "@weir/protocol/sealed-form";
import { useState } from "react";
import { useChange } from "../cloud/use-cloud.ts";
import { SetKv } from "../generated/operations.ts";
import { AreaField, TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { readTypedValue } from "./typed-value.ts";

interface WriteKvProps {
  /** Absent: a key that there is not yet. */
  readonly entry?: { readonly key: string; readonly value: Json | null; readonly version: number };
  /** Called with the key that was written. */
  readonly open?: (key: string) => void;
}

/** Writes a value: only where nobody else has in the meantime. */
export function WriteKv({ entry, open }: WriteKvProps) {
  const set = useChange(SetKv, (data) => data.setKv);
  const save = async (fields: FormData) => {
    const key = entry?.key ?? typed(fields, "key");
    const value = readTypedValue(typed(fields, "value"));
    await set.mutateAsync({ input: { key, value, expectedVersion: Number(typed(fields, "version")) } });
    open?.(key);
  };
  const title = entry === undefined ? "Write a key" : `Write ${entry.key}`;
  return (
    <FormDialog verb="Write" title={title} save={save}>
      <SeenVersion version={entry?.version ?? 0} />
      {entry === undefined && <TextField label="Key" name="key" placeholder="orders/cursor" maxLength={200} required />}
      <AreaField
        label="Value"
        name="value"
        rows={8}
        required
        defaultValue={entry === undefined || isSealedJson(entry.value) ? "" : JSON.stringify(entry.value, null, 2)}
        hint="Read as JSON where it is JSON, as text otherwise. At most 64 KiB."
      />
      <p className="text-muted">
        {entry !== undefined && isSealedJson(entry.value) && (
          <strong className="text-warn">The value is sealed now, and would be plain afterwards. </strong>
        )}
        Written here, the value crosses as it is: it is of the class <code>parameter</code>, and the cloud can read it.
        To seal it, write it with <code>weir kv set</code> where your policy says <code>parameter: seal</code>.
      </p>
    </FormDialog>
  );
}

/** The version that was there when the dialog was opened. The page goes on looking; what came since then nobody has read. */
function SeenVersion({ version }: { readonly version: number }) {
  const [seen] = useState(version);
  return <input type="hidden" name="version" value={seen} />;
}
