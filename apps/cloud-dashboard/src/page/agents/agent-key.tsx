import type { FormEvent } from "react";
import { useChange } from "../cloud/use-cloud.ts";
import { MakeAgentKey } from "../generated/operations.ts";
import { Button } from "../ui/button.tsx";
import { CopyText } from "../ui/copy-text.tsx";
import { TextField } from "../ui/field.tsx";
import { typed } from "../ui/form-dialog.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";

interface AgentKeyProps {
  /** The key, as long as the page is open; null: none was made yet. */
  readonly made: string | null;
  readonly keep: (key: string) => void;
}

/** Makes the key that opens the door for agents, and shows it once. */
export function AgentKey({ made, keep }: AgentKeyProps) {
  const make = useChange(MakeAgentKey, ({ createApiKey }) => createApiKey);
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { key } = await make.mutateAsync({ name: typed(new FormData(event.currentTarget), "name") });
    keep(key);
  };
  return (
    <Panel title="1. A key for it">
      {made === null ? (
        // What it throws is told by the mutation.
        <form onSubmit={(event) => void submit(event).catch(() => undefined)} className="max-w-md">
          <TextField
            label="Name of the key"
            name="name"
            defaultValue="agents"
            maxLength={200}
            required
            hint="It opens the door for agents and nothing else. Several agents may share it."
          />
          {make.error !== null && <Problem error={make.error} />}
          <Button kind="main" type="submit" busy={make.isPending}>
            Make the key
          </Button>
        </form>
      ) : (
        <>
          <p className="mb-2 font-medium text-warn">It is shown this once. The cloud cannot tell it again.</p>
          <CopyText text={made} label="Copy the key" />
          <p className="mt-2 text-muted">
            Copy it, and paste it where the next step asks for it. Never write it into a command: other processes of the
            machine can read those.
          </p>
        </>
      )}
    </Panel>
  );
}
