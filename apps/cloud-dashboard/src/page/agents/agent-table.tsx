import { CircleCheck, CirclePause, CircleX } from "lucide-react";
import type { AgentRowFragment } from "../generated/operations.ts";
import { OpenedText } from "../seal/opened.tsx";
import { Button } from "../ui/button.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Ago } from "../ui/time.tsx";
import { PauseButton } from "./pause-button.tsx";

interface AgentTableProps {
  readonly agents: readonly AgentRowFragment[];
  readonly chosenId: string;
  /** "" takes the choice back. */
  readonly choose: (id: string) => void;
}

/** Agents, with what they hold and what keeps them from more. */
export function AgentTable({ agents, chosenId, choose }: AgentTableProps) {
  return (
    <Table caption="Agents" head={["Name", "Standing", "Heard of", "Holds", "Labels", "Version", ""]}>
      {agents.map((agent) => {
        const isChosen = agent.id === chosenId;
        return (
          <tr key={agent.id} aria-current={isChosen ? "true" : undefined}>
            <Cell className="font-medium">{agent.name}</Cell>
            <Cell>
              <Standing agent={agent} />
            </Cell>
            <Cell>
              <Ago at={agent.lastSeenAt} />
            </Cell>
            <Cell className="whitespace-nowrap tabular-nums">
              {agent.runs} of {agent.capacity}
            </Cell>
            <Cell>
              {agent.labels.length === 0 ? <span className="text-muted">none</span> : agent.labels.join(", ")}
            </Cell>
            <Cell>{agent.version}</Cell>
            <Cell className="text-right whitespace-nowrap">
              <Button
                kind="quiet"
                aria-expanded={isChosen}
                aria-label={`What waits, as ${agent.name} sees it`}
                onClick={() => choose(isChosen ? "" : agent.id)}
              >
                What waits
              </Button>
              <PauseButton agent={agent} />
            </Cell>
          </tr>
        );
      })}
    </Table>
  );
}

function Standing({ agent: { online, pause } }: { readonly agent: AgentRowFragment }) {
  if (!online)
    return (
      <span className="inline-flex items-center gap-1.5 text-bad">
        <CircleX size={15} aria-hidden /> silent
      </span>
    );
  if (pause === null)
    return (
      <span className="inline-flex items-center gap-1.5 text-good">
        <CircleCheck size={15} aria-hidden /> takes runs
      </span>
    );
  return (
    <div>
      <span className="inline-flex items-center gap-1.5 text-warn">
        <CirclePause size={15} aria-hidden /> paused
      </span>
      <p className="text-muted">
        by {pause.by}, <Ago at={pause.at} />
        {pause.reason !== null && (
          <>
            : <OpenedText text={pause.reason} sealKeys={[]} />
          </>
        )}
      </p>
    </div>
  );
}
