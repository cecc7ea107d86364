import { type PublicJwk, recipientLines } from "@weir/protocol/seal";
import { useState } from "react";
import { CopyText } from "../ui/copy-text.tsx";
import { TextField } from "../ui/field.tsx";

/** What goes into the policy file, so that things are sealed for this key too. */
export function RecipientYaml({ half }: { readonly half: PublicJwk }) {
  const [name, setName] = useState("me");
  return (
    <div>
      <TextField
        label="Your name in the policy"
        value={name}
        maxLength={100}
        onChange={({ target }) => setName(target.value)}
      />
      <p className="mb-1 text-muted">
        Into weir.boundary.yaml of the agents; what runs from then on is sealed for you too:
      </p>
      <CopyText text={recipientLines(name, half).join("\n")} label="Copy the policy's lines" />
    </div>
  );
}
