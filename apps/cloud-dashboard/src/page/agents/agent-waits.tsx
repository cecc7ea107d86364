import { Link } from "@tanstack/react-router";
import { useCloud } from "../cloud/use-cloud.ts";
import {
  type AgentRowFragment,
  AgentWaits as AgentWaitsQuery,
  type AgentWaitsQuery as Data,
} from "../generated/operations.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { Cell, Table } from "../ui/table.tsx";
import { Ago } from "../ui/time.tsx";

type WaitingRun = NonNullable<Data["agents"]["nodes"][number]["waitingRuns"]>[number];

interface AgentWaitsProps {
  readonly agent: AgentRowFragment;
  /** Cursor of the agent before it in the list; null: it is the newest. */
  readonly after: string | null;
}

/** Runs whose time has come, as one agent sees them: which it takes, and what keeps it from each other one. */
export function AgentWaits({ agent, after }: AgentWaitsProps) {
  const { data, error, refetch } = useCloud(AgentWaitsQuery, { after }, { every: 5_000 });
  // Agents come and go between two looks: what another one sees is not shown as this one's.
  const runs = data?.agents.nodes.find(({ id }) => id === agent.id)?.waitingRuns;
  return (
    <Panel title={`What waits, as ${agent.name} sees it`} flush>
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {error === null && runs === undefined && <Loading rows={4} />}
      {runs === null && (
        <p className="p-4 text-muted">You may not see runs here: that takes the permission run:read.</p>
      )}
      {runs?.length === 0 && (
        <Empty title="No run waits to be taken">
          All that is due is held by agents, or over. Runs of a later time are among{" "}
          <Link to="/runs" search={{ state: ["Scheduled"] }}>
            those that are scheduled
          </Link>
          .
        </Empty>
      )}
      {runs != null && runs.length > 0 && (
        <Table caption="Runs that wait" head={["Run", "Flow", "Due", "Does it match?", "Why"]}>
          {runs.map((run, index) => (
            <WaitRow key={run.flowRun?.id ?? index} run={run} agent={agent} />
          ))}
        </Table>
      )}
    </Panel>
  );
}

function WaitRow({ run, agent }: { readonly run: WaitingRun; readonly agent: AgentRowFragment }) {
  const { flowRun, canTake, missingLabels, servesProject, waiting } = run;
  if (flowRun === null) return null;
  const matches = missingLabels.length === 0 && servesProject;
  return (
    <tr>
      <Cell>
        <Link to="/runs/$runId" params={{ runId: flowRun.id }} className="font-medium">
          {flowRun.name}
        </Link>
      </Cell>
      <Cell>
        <Link to="/flows/$flowId" params={{ flowId: flowRun.flow.id }}>
          {flowRun.flow.name}
        </Link>
      </Cell>
      <Cell>
        <Ago at={flowRun.scheduledStartTime} />
      </Cell>
      <Cell className="whitespace-nowrap">
        {matches ? <span className="text-good">yes</span> : <span className="text-bad">no</span>}
        {matches && !canTake && <span className="text-muted">, but not now</span>}
      </Cell>
      <Cell className="min-w-64">
        {missingLabels.length > 0 && (
          <p>
            {agent.name} lacks the labels {missingLabels.join(", ")}.
          </p>
        )}
        {!servesProject && <p>It does not serve the project {flowRun.flow.project.name}.</p>}
        {matches && <p>{canTake ? "It takes it at its next look." : waiting.sentence}</p>}
      </Cell>
    </tr>
  );
}
