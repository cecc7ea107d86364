import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { TextField } from "../ui/field.tsx";
import { Problem } from "../ui/problem.tsx";
import { makeIdentity, type NewIdentity } from "./identity.ts";
import { RecipientYaml } from "./recipient-yaml.tsx";
import { saveText } from "../ui/save-text.ts";

/** The least that `protectKeys` takes. */
const SHORTEST = 12;

/** Makes a key pair: the private half is kept here and offered once as a file, the public half is to go into the policy. */
export function CreateIdentity() {
  const [made, setMade] = useState<NewIdentity | null>(null);
  if (made === null) return <PassphraseForm made={setMade} />;
  return <MadeIdentity identity={made} close={() => setMade(null)} />;
}

function PassphraseForm({ made }: { readonly made: (identity: NewIdentity) => void }) {
  const [passphrase, setPassphrase] = useState("");
  const [again, setAgain] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const make = (event: FormEvent) => {
    event.preventDefault();
    if (passphrase !== again) return setError(new Error("The two passphrases are not the same."));
    setBusy(true);
    setError(null);
    makeIdentity(passphrase)
      .then(made, setError)
      .finally(() => setBusy(false));
  };
  return (
    <form onSubmit={make}>
      <p className="mb-3 text-muted">
        A passphrase protects the file that you keep of it. Nobody can open the file without it, and nobody can find it
        out again.
      </p>
      <TextField
        label="Passphrase"
        type="password"
        autoComplete="new-password"
        required
        minLength={SHORTEST}
        value={passphrase}
        onChange={({ target }) => setPassphrase(target.value)}
        hint={`At least ${SHORTEST} characters; better five words that nobody would guess.`}
      />
      <TextField
        label="Passphrase again"
        type="password"
        autoComplete="new-password"
        required
        value={again}
        onChange={({ target }) => setAgain(target.value)}
      />
      {error !== null && <Problem error={error} />}
      <Button kind="main" type="submit" busy={busy}>
        Make a key
      </Button>
    </form>
  );
}

interface MadeIdentityProps {
  readonly identity: NewIdentity;
  readonly close: () => void;
}

const FILE = "weir-seal-key.json";

function MadeIdentity({ identity: { half, file }, close }: MadeIdentityProps) {
  const [isSaved, setSaved] = useState(false);
  const save = () => {
    saveText(FILE, file, "application/json");
    setSaved(true);
  };
  return (
    <div className="space-y-3">
      <p>
        The key <code className="font-mono break-all">{half.kid}</code> is kept in this browser. Save its file now: it
        is offered this once, and without it nobody opens what was sealed for this key alone when the browser’s store is
        cleared.
      </p>
      <Button kind={isSaved ? "plain" : "main"} onClick={save}>
        Save {FILE}
      </Button>
      <RecipientYaml half={half} />
      <p className="text-muted">The command line opens with the same file:</p>
      <CopyText text={`WEIR_SEAL_KEY_FILE=${FILE} WEIR_SEAL_PASSPHRASE_FILE=passphrase.txt weir runs show ID`} />
      <Button onClick={close} disabled={!isSaved}>
        I have saved it
      </Button>
    </div>
  );
}
