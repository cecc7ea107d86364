import { SelectField } from "../ui/field.tsx";
import { givable } from "./rights.ts";
import { useHeld, useRoles } from "./use-rights.ts";

interface RoleSelectProps {
  readonly label?: string;
  /** The role that is chosen at first; absent: the one that allows the least. */
  readonly current?: string;
}

/** A role that the viewer may give, as the field `role` of a form. */
export function RoleSelect({ label = "Role", current }: RoleSelectProps) {
  const roles = givable(useRoles(), useHeld());
  const least = roles.find(({ name }) => name === "viewer")?.name ?? roles[0]?.name;
  return (
    <SelectField label={label} name="role" defaultValue={current ?? least} required>
      {roles.map(({ name, permissions }) => (
        <option key={name} value={name}>
          {name} ({permissions.length} permissions)
        </option>
      ))}
    </SelectField>
  );
}
