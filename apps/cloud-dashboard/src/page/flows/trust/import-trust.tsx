import { type ChangeEvent, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { type Imported, importTrust } from "./kept-trust.ts";
import { useKeptTrust } from "./use-kept-trust.ts";

const UNABLE =
  "This browser seals nothing on a page that came by plain http from another machine. Serve it by https, or run `weir dashboard` on your own machine.";

/** Takes a trust file from the person's own disk. */
export function ImportTrust() {
  const { tenantId, look } = useKeptTrust();
  const [text, setText] = useState("");
  const [imported, setImported] = useState<Imported | null>(null);
  const [error, setError] = useState<unknown>(null);
  const take = async (given: string, replace: boolean) => {
    setError(null);
    setText(given);
    try {
      setImported(await importTrust(localStorage, tenantId ?? "", given, { replace, now: new Date() }));
      look();
    } catch (caught) {
      setError(caught);
    }
  };
  const choose = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const [file] = target.files ?? [];
    if (file !== undefined) await take(await file.text(), false);
    target.value = "";
  };
  if (!isSecureContext) return <p className="text-bad">{UNABLE}</p>;
  return (
    <div>
      <label className="inline-flex min-h-8 items-center gap-2">
        <span className="font-medium">Import a trust file</span>
        <input
          type="file"
          accept=".json,application/json"
          disabled={tenantId === undefined}
          onChange={(event) => void choose(event)}
          className="max-w-full file:mr-2 file:rounded-md file:border file:border-line file:bg-panel file:px-3 file:py-1"
        />
      </label>
      {error !== null && <Problem error={error} />}
      {imported?.kept === false && <OtherKeys changes={imported.changes} replace={() => void take(text, true)} />}
    </div>
  );
}

interface OtherKeysProps {
  readonly changes: Imported["changes"];
  readonly replace: () => void;
}

function OtherKeys({ changes, replace }: OtherKeysProps) {
  return (
    <div role="alert" className="mt-2 rounded-md border border-bad p-3">
      <p className="font-medium text-bad">
        The file names other keys than the one that is kept here. Nothing was changed.
      </p>
      <ul className="my-2 font-mono text-[13px] break-all">
        {changes.map(({ change, key: { role, name, kid } }) => (
          <li key={`${change} ${role} ${name} ${kid}`}>
            {change === "added" ? "+" : "-"} {role} {name} {kid}
          </li>
        ))}
      </ul>
      <p className="mb-2">
        Whoever swaps a key reads what is sealed from then on. Ask whoever changed them for these lines, on a way that
        is not the cloud. When they are the same, replace it.
      </p>
      <Button kind="danger" onClick={replace}>
        Replace it
      </Button>
    </div>
  );
}
