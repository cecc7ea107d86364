import { useState } from "react";
import { PermissionFields } from "../members/permission-fields.tsx";
import { RoleSelect } from "../members/role-select.tsx";
import { SelectField } from "../ui/field.tsx";

/** Which door a key opens, and what it may do behind it. */
export function ScopeFields() {
  const [scope, setScope] = useState("user");
  const [rights, setRights] = useState("mine");
  return (
    <>
      <SelectField label="Opens" name="scope" value={scope} onChange={(event) => setScope(event.target.value)}>
        <option value="user">GraphQL, for people and scripts</option>
        <option value="agent">the run door, for agents</option>
      </SelectField>
      {scope === "user" && (
        <SelectField
          label="May do"
          name="rights"
          value={rights}
          onChange={(event) => setRights(event.target.value)}
          hint={rights === "role" ? "Also when the role changes." : undefined}
        >
          <option value="mine">what I may do now</option>
          <option value="role">what a role allows</option>
          <option value="permissions">some permissions alone</option>
        </SelectField>
      )}
      {scope === "user" && rights === "role" && <RoleSelect />}
      {scope === "user" && rights === "permissions" && <PermissionFields />}
    </>
  );
}
