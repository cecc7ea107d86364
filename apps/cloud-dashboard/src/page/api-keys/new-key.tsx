import type { KeyScope } from "../generated/operations.ts";
import { CopyText } from "../ui/copy-text.tsx";
import { ShownOnce } from "../ui/shown-once.tsx";

/** A key that was made just now. */
export interface MadeKey {
  readonly key: string;
  readonly scope: KeyScope;
}

interface NewKeyProps {
  readonly made: MadeKey | null;
  readonly close: () => void;
}

/** Shows a new key this once, and how to use it. */
export function NewKey({ made, close }: NewKeyProps) {
  return (
    <ShownOnce title="The new key" text={made?.key ?? null} close={close}>
      <p>Keep it where secrets are kept: in a file that you alone may read, or in your secret store.</p>
      <CopyText label="Copy the command" text={made?.scope === "agent" ? agentCommand() : userCommand()} />
    </ShownOnce>
  );
}

const agentCommand = () => `WEIR_API_URL=${location.origin} WEIR_AGENT_KEY_FILE=agent-key weir agent start`;
const userCommand = () => `weir login --url ${location.origin} --key-file key`;
