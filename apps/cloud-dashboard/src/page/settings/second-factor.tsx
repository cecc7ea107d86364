import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { people } from "../session/people.ts";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed, typedExactly } from "../ui/form-dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { ConfirmDevice, type EnrolledDevice } from "./confirm-device.tsx";

/** The second factor of the account: an authenticator app, and codes for when it is lost. */
export function SecondFactor({ isOn }: { readonly isOn: boolean }) {
  const client = useQueryClient();
  const [device, setDevice] = useState<EnrolledDevice | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const confirm = async (code: string) => {
    setCodes((await people.confirmDevice(code)).recoveryCodes);
    setDevice(null);
    await client.invalidateQueries();
  };
  return (
    <div className="mt-4 border-t border-line pt-3">
      <h3 className="font-semibold">Second factor</h3>
      <p className="mb-2">
        {isOn
          ? "On: whoever signs in as you needs your device too."
          : "Off: who knows your password can sign in as you."}
      </p>
      {isOn && <TurnOff />}
      {!isOn && device === null && <Enrol then={setDevice} />}
      {device !== null && <ConfirmDevice device={device} confirm={confirm} />}
      <ShownOnce title="Codes for a lost device" text={codes?.join("\n") ?? null} close={() => setCodes(null)}>
        <p>
          Each lets you in once in the place of your device. Keep them where you keep passwords, not on the device
          itself.
        </p>
      </ShownOnce>
    </div>
  );
}

function Enrol({ then }: { readonly then: (device: EnrolledDevice) => void }) {
  return (
    <FormDialog
      verb="Turn it on"
      title="Turn the second factor on"
      save={async (fields) => then(await people.enrolDevice(typedExactly(fields, "password")))}
    >
      <TextField label="Your password" name="password" type="password" autoComplete="current-password" required />
    </FormDialog>
  );
}

function TurnOff() {
  const client = useQueryClient();
  const save = async (fields: FormData) => {
    await people.removeDevice({ password: typedExactly(fields, "password"), code: typed(fields, "code") });
    await client.invalidateQueries();
  };
  return (
    <FormDialog verb="Turn it off" title="Turn the second factor off" kind="danger" save={save}>
      <TextField label="Your password" name="password" type="password" autoComplete="current-password" required />
      <TextField
        label="Code"
        name="code"
        autoComplete="one-time-code"
        required
        hint="Six digits of your device, or one of the codes you kept."
      />
    </FormDialog>
  );
}
