import { useChange } from "../cloud/use-cloud.ts";
import { ChangeRole, DeleteRole } from "../generated/operations.ts";
import { Confirm } from "../ui/confirm.tsx";
import { FormDialog } from "../ui/form-dialog.tsx";
import { chosenPermissions, PermissionFields } from "./permission-fields.tsx";
import { isWithin } from "./rights.ts";
import { useHeld } from "./use-rights.ts";

interface RoleChangesProps {
  readonly role: { readonly id: string; readonly name: string; readonly permissions: readonly string[] };
}

/** Changes and removes a role of the tenant's own: only for whoever holds as much as it does. */
export function RoleChanges({ role: { id, name, permissions } }: RoleChangesProps) {
  const change = useChange(ChangeRole, (data) => data.changeRole);
  const remove = useChange(DeleteRole, (data) => data.deleteRole);
  const held = useHeld();
  if (!isWithin(permissions, held))
    return <span className="block text-[13px] font-normal text-muted">more than yours</span>;
  return (
    <div className="mt-1 flex justify-center gap-1 text-left">
      <FormDialog
        verb="Change"
        title={`Change the role ${name}`}
        save={(fields) => change.mutateAsync({ input: { id, permissions: chosenPermissions(fields) } })}
      >
        <p className="mb-3 text-muted">Whoever has the role holds this from now on.</p>
        <PermissionFields chosen={permissions} />
      </FormDialog>
      <Confirm verb="Remove" kind="danger" act={() => remove.mutateAsync({ id })}>
        The role <strong className="wrap-anywhere">{name}</strong> is gone. That is refused while a member, an
        invitation or a key has it.
      </Confirm>
    </div>
  );
}
