import { useChange } from "../cloud/use-cloud.ts";
import { type KeysPageQuery, RevokeApiKey, RotateApiKey } from "../generated/operations.ts";
import { isWithin } from "../members/rights.ts";
import { useHeld } from "../members/use-rights.ts";
import { useMay } from "../session/viewer.ts";
import { Confirm } from "../ui/confirm.tsx";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import type { KeyStanding } from "./key-standing.ts";
import type { MadeKey } from "./new-key.tsx";

interface KeyActionsProps {
  readonly apiKey: KeysPageQuery["apiKeys"]["nodes"][number];
  readonly standing: KeyStanding;
  readonly made: (key: MadeKey) => void;
}

/** Who rotates a key is shown one that does the same, and so must hold as much; whoever writes keys may end any. */
export function KeyActions({ apiKey: { id, name, scope, permissions }, standing, made }: KeyActionsProps) {
  const rotate = useChange(RotateApiKey, (data) => data.rotateApiKey);
  const revoke = useChange(RevokeApiKey, (data) => data.revokeApiKey);
  const may = useMay("key:write");
  const held = useHeld();
  if (!may) return null;
  const save = async (fields: FormData) => {
    const overlapMinutes = Math.round(Number(typed(fields, "hours")) * 60);
    const { key } = await rotate.mutateAsync({ id, overlapMinutes });
    made({ key, scope });
  };
  return (
    <div className="flex justify-end gap-2">
      {standing === "good" && isWithin(permissions, held) && (
        <FormDialog verb="Rotate" title={`Rotate the key ${name}`} save={save}>
          <p className="mb-3">A new key takes its place and does the same, for as long.</p>
          <TextField
            label="Hours that the old one stays good"
            name="hours"
            type="number"
            min={0}
            max={720}
            step="any"
            defaultValue={1}
            required
            hint="So that whoever uses it can change over. 0 ends it now; at most 30 days."
          />
        </FormDialog>
      )}
      <Confirm verb="Revoke" kind="danger" act={() => revoke.mutateAsync({ id })}>
        The key <strong className="wrap-anywhere">{name}</strong> opens nothing from now on, and the sessions that were
        opened by it end. That cannot be taken back.
      </Confirm>
    </div>
  );
}
