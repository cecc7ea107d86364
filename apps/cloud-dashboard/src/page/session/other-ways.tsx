import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { Problem } from "../ui/problem.tsx";
import { typedText } from "../ui/typed-text.ts";
import { setKey } from "./credential.ts";
import { keepPlace } from "./kept-place.ts";

/** Sends the browser to the tenant's own provider, which sends it back. */
export function SsoForm() {
  const go = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const tenant = typedText(event.currentTarget, "tenant");
    setKey(null);
    keepPlace();
    location.assign(`/auth/sso?${new URLSearchParams({ tenant })}`);
  };
  return (
    <form onSubmit={go}>
      <TextField label="Name of your tenant" name="tenant" required hint="Its provider says who you are." />
      <Button kind="main" type="submit" className="w-full justify-center">
        Go on to the provider
      </Button>
    </form>
  );
}

/** A key in the place of a session, for this tab alone. */
export function KeyForm({ then }: { readonly then: () => Promise<void> }) {
  const [error, setError] = useState<unknown>(null);
  const use = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setError(null);
    setKey(typedText(event.currentTarget, "key"));
    then().catch((caught: unknown) => {
      setKey(null);
      setError(caught);
    });
  };
  return (
    <form onSubmit={use}>
      {error !== null && <Problem error={error} />}
      <TextField
        label="A key of the scope user"
        name="key"
        type="password"
        placeholder="weir_u_…"
        hint="Kept until this tab is closed, and sent to this cloud alone."
        required
      />
      <Button kind="main" type="submit" className="w-full justify-center">
        Use it
      </Button>
    </form>
  );
}
