import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { keyInUse, setKey } from "../session/credential.ts";
import { people, type Session } from "../session/people.ts";
import { useSession } from "../session/use-session.ts";
import { Button } from "../ui/button.tsx";
import { FilterSelect } from "../ui/filter-select.tsx";
import { Problem } from "../ui/problem.tsx";
import { setZone, useZone } from "../ui/time-zone.ts";
import { applyTheme, THEMES, useTheme } from "./theme.ts";

/** What a person can set about the page, and the way to another tenant, or out. */
export function CornerMenu({ help }: { readonly help: () => void }) {
  const session = useSession();
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  // Nothing of what was seen before is shown after it.
  const anew = (change: Promise<unknown>) => {
    setError(null);
    change.then(() => client.resetQueries()).catch(setError);
  };
  return (
    <div className="flex flex-col gap-3">
      {session !== undefined && <Person session={session} switchTenant={(id) => anew(people.switchTenant(id))} />}
      <ThemeChoice />
      <ZoneChoice />
      {error !== null && <Problem error={error} />}
      <div className="flex flex-wrap gap-2">
        <Button onClick={help}>Keys</Button>
        {session !== undefined && <Button onClick={() => anew(people.signOut())}>Sign out</Button>}
        {keyInUse() !== null && <Button onClick={() => anew(Promise.resolve(setKey(null)))}>Forget the key</Button>}
      </div>
    </div>
  );
}

interface PersonProps {
  readonly session: Session;
  readonly switchTenant: (id: string) => void;
}

function Person({ session: { user, role, tenant, tenants }, switchTenant }: PersonProps) {
  return (
    <>
      <p className="break-words">
        <span className="font-medium">{user.name ?? user.email}</span>
        <span className="block text-[13px] text-muted">
          {user.email} · {role}
        </span>
      </p>
      {tenants.length > 1 && (
        <FilterSelect label="Tenant" value={tenant.id} change={switchTenant}>
          {tenants.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </FilterSelect>
      )}
    </>
  );
}

/** Light, dark, or as the machine has it. */
export function ThemeChoice() {
  const theme = useTheme();
  const change = (value: string) => applyTheme(THEMES.find((one) => one === value));
  return (
    <FilterSelect label="Colours" value={theme} change={change}>
      {THEMES.map((one) => (
        <option key={one} value={one}>
          {one === "system" ? "as the system" : one}
        </option>
      ))}
    </FilterSelect>
  );
}

/** In which zone times are told. */
export function ZoneChoice() {
  const zone = useZone();
  const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <FilterSelect label="Times are told in" value={zone} change={setZone}>
      <option value="local">this machine’s zone ({own})</option>
      <option value="UTC">UTC</option>
      {Intl.supportedValuesOf("timeZone").map((name) => (
        <option key={name} value={name}>
          {name}
        </option>
      ))}
    </FilterSelect>
  );
}
