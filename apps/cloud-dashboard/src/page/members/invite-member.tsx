import { useState } from "react";
import { useChange } from "../cloud/use-cloud.ts";
import { InviteMember as InviteMemberOperation } from "../generated/operations.ts";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";
import { RoleSelect } from "./role-select.tsx";

/** Makes a link with which a person joins. */
export function InviteMember() {
  const [link, setLink] = useState<string | null>(null);
  const invite = useChange(InviteMemberOperation, (data) => data.inviteMember);
  const save = async (fields: FormData) => {
    const { path } = await invite.mutateAsync({
      input: { email: typed(fields, "email"), role: typed(fields, "role") },
    });
    setLink(location.origin + path);
  };
  return (
    <>
      <FormDialog verb="Invite" title="Invite a person" kind="main" save={save}>
        <TextField
          label="Address"
          name="email"
          type="email"
          maxLength={254}
          required
          hint="The cloud sends no mail: it makes a link, and you send it."
        />
        <RoleSelect />
      </FormDialog>
      <ShownOnce title="The person's link" text={link} close={() => setLink(null)}>
        <p>Send it to that person alone: whoever has it can join, once, within a week.</p>
      </ShownOnce>
    </>
  );
}
