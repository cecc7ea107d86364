import { Link } from "@tanstack/react-router";
import { useCloud } from "../cloud/use-cloud.ts";
import { AgentsPage } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { commandHere } from "../ui/command-here.ts";
import { Empty } from "../ui/empty.tsx";
import { Loading } from "../ui/loading.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { Pager, usePageOfList } from "../ui/pager.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { useSearchTexts } from "../ui/search-texts.ts";
import { AgentTable } from "./agent-table.tsx";
import { AgentWaits } from "./agent-waits.tsx";

const ROWS = 50;

/** The processes on the users' side that run flows. */
export function Page() {
  const may = useMay("key:write");
  const [{ agent: chosenId }, change] = useSearchTexts("agent");
  const { data, error, refetch } = useCloud(AgentsPage, usePageOfList(ROWS), { every: 5_000, keep: true });
  const edges = data?.agents.edges;
  const at = edges?.findIndex(({ node }) => node.id === chosenId) ?? -1;
  const chosen = edges?.[at]?.node;
  return (
    <>
      <PageHead
        title="Agents"
        about="Your own processes, beside your code: they ask for runs and run them. Nobody reaches them from outside."
        actions={
          may && (
            <Link
              to="/agents/enrol"
              className="inline-flex min-h-8 items-center rounded-md bg-accent px-3 py-1 font-medium text-on-accent hover:no-underline hover:opacity-90"
            >
              Enrol an agent
            </Link>
          )
        }
      />
      {error !== null && <Problem error={error} again={() => void refetch()} />}
      {(edges !== undefined || error === null) && (
        <Panel flush>
          {edges === undefined && <Loading rows={5} />}
          {edges?.length === 0 && <NoAgents may={may} />}
          {edges !== undefined && edges.length > 0 && (
            <AgentTable
              agents={edges.map(({ node }) => node)}
              chosenId={chosenId}
              choose={(id) => change({ agent: id })}
            />
          )}
          {data !== undefined && <Pager page={data.agents.pageInfo} />}
        </Panel>
      )}
      {chosen !== undefined && <AgentWaits key={chosen.id} agent={chosen} after={edges?.[at - 1]?.cursor ?? null} />}
    </>
  );
}

function NoAgents({ may }: { readonly may: boolean }) {
  return (
    <Empty
      title="There is no agent yet, so nothing runs"
      command={commandHere(
        "(umask 077; weir keys create build-machine --scope agent > agent-key)\nWEIR_AGENT_KEY_FILE=agent-key weir agent start",
      )}
    >
      On the machine where your flows’ code lies.{" "}
      {may && (
        <>
          Or <Link to="/agents/enrol">make a key here</Link>, and see the first agent come.
        </>
      )}
    </Empty>
  );
}
