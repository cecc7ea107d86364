import { PERMISSIONS } from "@weir/protocol/permissions";
import { RIGHTS_BY_OBJECT, verbOf } from "./rights.ts";
import { useHeld } from "./use-rights.ts";

/** Permissions to choose from, as fields `permission` of a form. What the viewer does not hold cannot be chosen. */
export function PermissionFields({ chosen = [] }: { readonly chosen?: readonly string[] }) {
  const held = useHeld();
  return (
    <fieldset className="mb-3">
      <legend className="mb-1 font-medium">Permissions</legend>
      <div className="max-h-80 overflow-y-auto rounded-md border border-line">
        {RIGHTS_BY_OBJECT.map(({ object, permissions }) => (
          <div key={object} className="border-b border-line px-3 py-2 last:border-0">
            <p className="font-medium">{object}</p>
            {permissions.map((permission) => (
              <label key={permission} className="flex items-baseline gap-2 has-disabled:text-muted">
                <input
                  type="checkbox"
                  name="permission"
                  value={permission}
                  defaultChecked={chosen.includes(permission)}
                  disabled={!held.has(permission)}
                />
                <span className="w-16 shrink-0">{verbOf(permission)}</span>
                <span className="text-muted">
                  {PERMISSIONS[permission]}
                  {!held.has(permission) && " (not yours to give)"}
                </span>
              </label>
            ))}
          </div>
        ))}
      </div>
    </fieldset>
  );
}

/** What was chosen. */
export function chosenPermissions(fields: FormData): string[] {
  return fields.getAll("permission").filter((value) => typeof value === "string");
}
