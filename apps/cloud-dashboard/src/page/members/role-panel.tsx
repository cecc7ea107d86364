import { useChange } from "../cloud/use-cloud.ts";
import { CreateRole } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { Panel } from "../ui/panel.tsx";
import { chosenPermissions, PermissionFields } from "./permission-fields.tsx";
import { RoleMatrix } from "./role-matrix.tsx";
import { useRoles } from "./use-rights.ts";

/** All roles with what each holds, and those of the tenant's own to change. */
export function RolePanel() {
  const roles = useRoles();
  const may = useMay("role:write");
  return (
    <Panel title="Roles" flush actions={may && <MakeRole />}>
      <RoleMatrix roles={roles.filter(({ name }) => name !== "agent")} mayChange={may} />
    </Panel>
  );
}

function MakeRole() {
  const create = useChange(CreateRole, (data) => data.createRole);
  return (
    <FormDialog
      verb="Make a role"
      save={(fields) =>
        create.mutateAsync({ input: { name: typed(fields, "name"), permissions: chosenPermissions(fields) } })
      }
    >
      <TextField label="Name" name="name" maxLength={200} placeholder="deployer" required />
      <PermissionFields />
    </FormDialog>
  );
}
