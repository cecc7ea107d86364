import type { KeysPageQuery } from "../generated/operations.ts";

interface KeyRightsProps {
  readonly apiKey: Pick<KeysPageQuery["apiKeys"]["nodes"][number], "scope" | "role" | "permissions">;
}

/** What a key may do: its role, or its permissions by name. */
export function KeyRights({ apiKey: { scope, role, permissions } }: KeyRightsProps) {
  if (scope === "agent") return <>claim and run flows</>;
  return (
    <details>
      <summary className="whitespace-nowrap">
        {role === null ? `with ${permissions.length} of all permissions` : `as ${role}`}
      </summary>
      <ul className="mt-1 font-mono text-[13px]">
        {permissions.map((permission) => (
          <li key={permission}>{permission}</li>
        ))}
      </ul>
    </details>
  );
}
