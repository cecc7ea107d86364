import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useMay, useViewer } from "../session/viewer.ts";
import { Empty } from "../ui/empty.tsx";
import { PageHead } from "../ui/page-head.tsx";
import { AgentCommands } from "./agent-commands.tsx";
import { AgentKey } from "./agent-key.tsx";
import { AwaitedAgent } from "./awaited-agent.tsx";

/** From nothing to an agent that is heard of. */
export function Page() {
  const may = useMay("key:write");
  const isKnown = useViewer() !== undefined;
  const [key, setKey] = useState<string | null>(null);
  return (
    <>
      <PageHead
        title="Enrol an agent"
        about="An agent is a process of yours, beside your code. It asks this cloud for runs; nothing reaches it from outside."
        actions={<Link to="/agents">All agents</Link>}
      />
      {isKnown && !may && (
        <Empty title="You may not make keys here">
          Somebody with the permission key:write makes one for you: <code>weir keys create NAME --scope agent</code>
        </Empty>
      )}
      {may && (
        <ol className="list-none">
          <li>
            <AgentKey made={key} keep={setKey} />
          </li>
          <li>
            <AgentCommands />
          </li>
          <li>
            <AwaitedAgent />
          </li>
        </ol>
      )}
    </>
  );
}
