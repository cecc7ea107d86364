import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { TextField } from "../ui/field.tsx";
import { typed } from "../ui/form-dialog.tsx";
import { Problem } from "../ui/problem.tsx";
import { groupsOf } from "./groups-of.ts";

/** What an authenticator app takes, shown until its first code was right. */
export interface EnrolledDevice {
  /** In base32. */
  readonly secret: string;
  /** `otpauth://…`, for apps that take an address. */
  readonly uri: string;
}

interface ConfirmDeviceProps {
  readonly device: EnrolledDevice;
  readonly confirm: (code: string) => Promise<void>;
}

/** The secret to type into the app, and the field for its first code. */
export function ConfirmDevice({ device: { secret, uri }, confirm }: ConfirmDeviceProps) {
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      await confirm(typed(new FormData(event.currentTarget), "code"));
    } catch (caught) {
      setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)} className="max-w-xl">
      <p className="mb-2">Type this key into your authenticator app (time based, six digits):</p>
      <p className="mb-3 font-mono text-base tracking-wide select-all">{groupsOf(secret, 4)}</p>
      <p className="mb-2">Or hand it this address, where the app is on this machine:</p>
      <div className="mb-3">
        <CopyText text={uri} label="Copy the address" />
      </div>
      {error !== null && <Problem error={error} />}
      <TextField
        label="The code that it shows now"
        name="code"
        inputMode="numeric"
        autoComplete="one-time-code"
        required
      />
      <Button kind="main" type="submit" busy={busy}>
        Turn it on
      </Button>
    </form>
  );
}
