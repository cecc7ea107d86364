import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { setKey } from "./credential.ts";

/** For whoever the cloud does not know: a person signs in, a key is shown. */
export function SignIn() {
  const client = useQueryClient();
  const [key, setTyped] = useState("");
  const use = (event: FormEvent) => {
    event.preventDefault();
    setKey(key.trim());
    void client.resetQueries();
  };
  return (
    <main className="mx-auto max-w-md px-4 py-16">
      <h1 className="mb-4 text-2xl font-semibold">Weir</h1>
      <form onSubmit={use}>
        <TextField
          label="A key of the scope user"
          type="password"
          placeholder="weir_u_…"
          value={key}
          onChange={(event) => setTyped(event.target.value)}
          required
        />
        <Button kind="main" type="submit">
          Use it
        </Button>
      </form>
    </main>
  );
}
