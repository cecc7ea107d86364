import { Link } from "@tanstack/react-router";
import { CircleCheck, LoaderCircle } from "lucide-react";
import { useEffect, useState } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { FirstAgent } from "../generated/operations.ts";
import { commandHere } from "../ui/command-here.ts";
import { CopyText } from "../ui/copy-text.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { type Known, knownOf, newAgents } from "./new-agents.ts";

/** Looks until an agent is heard of, and says what comes next. */
export function AwaitedAgent() {
  const { data, error, refetch } = useCloud(FirstAgent, {}, { every: 2_000 });
  const agents = data?.agents.nodes;
  const [known, setKnown] = useState<Known | null>(null);
  useEffect(() => {
    if (agents !== undefined) setKnown((before) => before ?? knownOf(agents));
  }, [agents]);
  const come = agents === undefined || known === null ? [] : newAgents(agents, known);
  return (
    <Panel title="3. It is heard of">
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      <div role="status">
        {come.length === 0 && (
          <p className="flex items-center gap-2">
            <LoaderCircle size={16} aria-hidden className="animate-spin text-muted" /> Waiting for the agent to be heard
            of for the first time …
          </p>
        )}
        {come.map(({ id, name, version, capacity, labels }) => (
          <p key={id} className="flex items-center gap-2 font-medium text-good">
            <CircleCheck size={16} aria-hidden /> {name} is here: version {version}, {capacity} runs at once,{" "}
            {labels.length === 0 ? "no labels" : `labels ${labels.join(", ")}`}.
          </p>
        ))}
      </div>
      {come.length > 0 ? <NextStep /> : <Hints others={agents?.length ?? 0} />}
    </Panel>
  );
}

function NextStep() {
  return (
    <div className="mt-3">
      <p className="mb-1">Next: run a flow on it.</p>
      <CopyText text={commandHere("weir run flows/report.ts")} />
      <p className="mt-2">
        Or start one that is registered already: <Link to="/flows">Flows</Link>. All agents:{" "}
        <Link to="/agents">Agents</Link>.
      </p>
    </div>
  );
}

function Hints({ others }: { readonly others: number }) {
  return (
    <div className="mt-2 text-muted">
      {others > 0 && (
        <p>
          There {others === 1 ? "is one" : `are ${others === 10 ? "ten or more" : others}`} already; it has to have
          another name than those that are running (<code>--name</code>), or it is the same agent.
        </p>
      )}
      <p>
        Does it not come? The agent tells why in its terminal: a key that is not accepted, an address that it cannot
        reach, or a cloud that is newer than it.
      </p>
    </div>
  );
}
