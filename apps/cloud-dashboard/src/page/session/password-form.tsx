import { type FormEvent, useState } from "react";
import { Refused } from "../cloud/refused.ts";
import { autofocus } from "../ui/autofocus.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Problem } from "../ui/problem.tsx";
import { exactText, typedText } from "../ui/typed-text.ts";
import { setKey } from "./credential.ts";
import { people } from "./people.ts";

interface PasswordFormProps {
  /** Whether an account and a tenant are made. */
  readonly isNew: boolean;
  readonly then: () => Promise<void>;
}

/** E-mail and password; the code of a second factor where the cloud asks for one. */
export function PasswordForm({ isNew, then }: PasswordFormProps) {
  const [needsCode, setNeedsCode] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    setBusy(true);
    setError(null);
    // A key of this tab would go before the session.
    setKey(null);
    try {
      await (isNew ? people.signUp(accountOf(form)) : people.signIn(proofOf(form)));
      await then();
    } catch (caught) {
      // The password was right: what is asked for next is no fault.
      if (caught instanceof Refused && caught.code === "SECOND_FACTOR_REQUIRED") setNeedsCode(true);
      else setError(caught);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form onSubmit={(event) => void submit(event)}>
      {error !== null && <Problem error={error} />}
      {isNew && <TextField label="Name of your tenant" name="tenant" required maxLength={200} />}
      {isNew && <TextField label="Your name" name="name" autoComplete="name" maxLength={200} />}
      <TextField ref={autofocus} label="E-mail" name="email" type="email" autoComplete="username" required />
      <TextField
        label="Password"
        name="password"
        type="password"
        autoComplete={isNew ? "new-password" : "current-password"}
        required
      />
      {needsCode && (
        <TextField
          label="Code of the second factor"
          hint="Six digits of your authenticator, or one of the codes you kept."
          name="code"
          autoComplete="one-time-code"
          required
        />
      )}
      <Button kind="main" type="submit" busy={busy} className="w-full justify-center">
        {isNew ? "Sign up" : "Sign in"}
      </Button>
    </form>
  );
}

function proofOf(form: HTMLFormElement) {
  const code = typedText(form, "code");
  const proof = { email: typedText(form, "email"), password: exactText(form, "password") };
  return code === "" ? proof : { ...proof, code };
}

function accountOf(form: HTMLFormElement) {
  const name = typedText(form, "name");
  const account = { ...proofOf(form), tenant: typedText(form, "tenant") };
  return name === "" ? account : { ...account, name };
}
