import { CopyText } from "../ui/copy-text.tsx";
import { Panel } from "../ui/panel.tsx";

/** What to type on the machine of the agent: the key goes into a file that only its owner reads, never into a command. */
export function AgentCommands() {
  return (
    <Panel title="2. On the machine where your code lies">
      <ol className="list-decimal space-y-4 pl-5">
        <li>
          <p className="mb-1">
            The command line is <code>weir</code>; it needs Node 24 or newer. In a checkout of Weir it is there after
            this, as <code>npx -y pnpm@12 --silent weir</code>:
          </p>
          <CopyText text="npx -y pnpm@12 install" label="Copy the command that installs it" />
        </li>
        <li>
          <p className="mb-1">Put the key into a file of your own: type this, paste the key, Enter, Ctrl-D.</p>
          <CopyText text="(umask 077; cat > agent-key)" label="Copy the command that keeps the key" />
        </li>
        <li>
          <p className="mb-1">Start the agent. It stays until Ctrl-C.</p>
          <CopyText
            text={`WEIR_API_URL=${location.origin} WEIR_AGENT_KEY_FILE=agent-key weir agent start`}
            label="Copy the command that starts the agent"
          />
          <p className="mt-1 text-muted">
            <code>--label gpu</code> has it take runs that ask for that label too, <code>--capacity 4</code> says how
            many at once, <code>--project NAME</code> which projects it serves.
          </p>
        </li>
      </ol>
    </Panel>
  );
}
