import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Problem } from "../ui/problem.tsx";
import { importIdentity } from "./identity.ts";
import { keysText } from "./sealed-mark.tsx";

/** Takes the keys of a file of `weir seal keygen`, or of this page, into this browser. */
export function ImportIdentity() {
  const [file, setFile] = useState<File | null>(null);
  const [passphrase, setPassphrase] = useState("");
  const [busy, setBusy] = useState(false);
  const [outcome, setOutcome] = useState<{ readonly kids: readonly string[] } | { readonly error: unknown } | null>(
    null,
  );
  const take = (event: FormEvent) => {
    event.preventDefault();
    if (file === null) return;
    setBusy(true);
    setOutcome(null);
    file
      .text()
      .then((text) => importIdentity(file.name, text, passphrase))
      .then(
        (kids) => {
          setOutcome({ kids });
          setPassphrase("");
        },
        (error: unknown) => setOutcome({ error }),
      )
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={take}>
      <TextField
        label="Key file"
        type="file"
        accept=".json,application/json"
        required
        onChange={({ target }) => setFile(target.files?.[0] ?? null)}
        hint="weir-seal-key.json, from this page or from `weir seal keygen`. It is read here and sent nowhere."
      />
      <TextField
        label="Its passphrase"
        type="password"
        autoComplete="off"
        value={passphrase}
        onChange={({ target }) => setPassphrase(target.value)}
        hint="Empty, where the file is not protected by one."
      />
      {outcome !== null && "error" in outcome && <Problem error={outcome.error} />}
      {outcome !== null && "kids" in outcome && (
        <p role="status" className="mb-3 text-good">
          Imported: {keysText(outcome.kids)}
        </p>
      )}
      <Button kind="main" type="submit" busy={busy}>
        Import
      </Button>
    </form>
  );
}
