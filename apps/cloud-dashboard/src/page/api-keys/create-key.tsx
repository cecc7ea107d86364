import { useChange } from "../cloud/use-cloud.ts";
import { CreateApiKey, type KeysPageQuery } from "../generated/operations.ts";
import { AreaField, SelectField, TextField } from "../ui/field.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { readKeyWish } from "./key-wish.ts";
import type { MadeKey } from "./new-key.tsx";
import { ScopeFields } from "./scope-fields.tsx";

interface CreateKeyProps {
  readonly accounts: KeysPageQuery["serviceAccounts"]["nodes"];
  readonly made: (key: MadeKey) => void;
}

/** Makes a key. */
export function CreateKey({ accounts, made }: CreateKeyProps) {
  const create = useChange(CreateApiKey, (data) => data.createApiKey);
  const save = async (fields: FormData) => {
    const input = readKeyWish(fields);
    const { key } = await create.mutateAsync({ input });
    made({ key, scope: input.scope });
  };
  return (
    <FormDialog verb="Make a key" kind="main" save={save}>
      <TextField label="Name" name="name" maxLength={200} placeholder="ci" required hint="What it is for." />
      <ScopeFields />
      <TextField
        label="Days until it ends"
        name="days"
        type="number"
        min={1}
        max={3_650}
        step={1}
        defaultValue={90}
        hint="Empty: it never ends."
      />
      <AreaField
        label="Networks"
        name="networks"
        rows={2}
        placeholder="10.0.0.0/8"
        hint="Addresses and CIDR blocks from which alone it works, one a line. Empty: from everywhere."
      />
      <SelectField label="Owner" name="owner" hint="A service account keeps its keys when people leave.">
        <option value="">whoever makes it</option>
        {accounts.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
