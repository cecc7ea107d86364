import { useQueryClient } from "@tanstack/react-query";
import { people, type Session } from "../session/people.ts";
import { useSession } from "../session/use-session.ts";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed, typedExactly } from "../ui/form-dialog.tsx";
import { Panel } from "../ui/panel.tsx";
import { SecondFactor } from "./second-factor.tsx";

/** The account of the person who is signed in. A key has none. */
export function AccountPanel() {
  const session = useSession();
  return (
    <Panel title="Your account">
      {session === undefined ? (
        <p className="text-muted">
          You are here with an API key, which has neither password nor second factor. Sign in as a person to change
          yours.
        </p>
      ) : (
        <Account session={session} />
      )}
    </Panel>
  );
}

function Account({ session: { user, method } }: { readonly session: Session }) {
  return (
    <>
      <p className="mb-3">
        <span className="font-medium wrap-anywhere">{user.name ?? user.email}</span>{" "}
        {user.name !== null && <span className="text-muted">{user.email}</span>}
      </p>
      {method === "sso" ? (
        <p className="text-muted">
          You came by single sign-on: the provider vouches for this tenant alone, and looks after your password.
        </p>
      ) : (
        <>
          <ChangePassword hasSecondFactor={user.secondFactor} />
          <SecondFactor isOn={user.secondFactor} />
        </>
      )}
    </>
  );
}

function ChangePassword({ hasSecondFactor }: { readonly hasSecondFactor: boolean }) {
  const client = useQueryClient();
  const save = async (fields: FormData) => {
    const [password, next] = [typedExactly(fields, "password"), typedExactly(fields, "next")];
    if (next !== typedExactly(fields, "again"))
      throw new Error("The new password was typed in two ways; type it twice alike.");
    const code = typed(fields, "code");
    await people.changePassword(code === "" ? { password, next } : { password, next, code });
    await client.invalidateQueries();
  };
  return (
    <FormDialog verb="Change the password" save={save}>
      <TextField label="Password as yet" name="password" type="password" autoComplete="current-password" required />
      <TextField
        label="New password"
        name="next"
        type="password"
        autoComplete="new-password"
        minLength={12}
        required
        hint="12 characters or more; several words are easy to remember and hard to guess."
      />
      <TextField label="New password again" name="again" type="password" autoComplete="new-password" required />
      {hasSecondFactor && <TextField label="Code of your device" name="code" autoComplete="one-time-code" required />}
      <p className="text-muted">Your other sessions end.</p>
    </FormDialog>
  );
}
