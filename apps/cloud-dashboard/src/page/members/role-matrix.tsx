import { PERMISSIONS } from "@weir/protocol/permissions";
import { Check } from "lucide-react";
import { Fragment } from "react";
import type { RolesQuery } from "../generated/operations.ts";
import { RIGHTS_BY_OBJECT, verbOf } from "./rights.ts";
import { RoleChanges } from "./role-changes.tsx";

type Role = RolesQuery["roles"][number];

interface RoleMatrixProps {
  readonly roles: readonly Role[];
  readonly mayChange: boolean;
}

/** What each role may do with each kind of thing. */
export function RoleMatrix({ roles, mayChange }: RoleMatrixProps) {
  return (
    <table className="w-full border-collapse text-left">
      <caption className="sr-only">Permissions of each role</caption>
      <thead>
        <tr className="border-b border-line align-bottom">
          <th scope="col" className="px-4 py-2 font-medium text-muted">
            Permission
          </th>
          {roles.map((role) => (
            <th key={role.name} scope="col" className="px-3 py-2 text-center font-medium">
              {role.name}
              {role.id === null && <span className="block text-[13px] font-normal text-muted">built in</span>}
              {role.id !== null && mayChange && <RoleChanges role={{ ...role, id: role.id }} />}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {RIGHTS_BY_OBJECT.map(({ object, permissions }) => (
          <Fragment key={object}>
            {permissions.map((permission, index) => (
              <tr key={permission} className={index === 0 ? "border-t border-line hover:bg-raised" : "hover:bg-raised"}>
                <th scope="row" className="px-4 py-1 font-normal">
                  <span className="inline-block w-32 font-mono text-[13px]">
                    {object}:{verbOf(permission)}
                  </span>{" "}
                  <span className="text-muted">{PERMISSIONS[permission]}</span>
                </th>
                {roles.map(({ name, permissions: held }) => (
                  <td key={name} className="px-3 py-1 text-center">
                    {held.includes(permission) ? (
                      <Check size={15} aria-label="yes" className="inline text-good" />
                    ) : (
                      <span className="sr-only">no</span>
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </Fragment>
        ))}
      </tbody>
    </table>
  );
}
