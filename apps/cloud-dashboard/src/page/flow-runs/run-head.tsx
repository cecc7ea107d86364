import { Link } from "@tanstack/react-router";
import { isTerminal } from "@weir/protocol/state";
import type { ReactNode } from "react";
import { useCloud } from "../cloud/use-cloud.ts";
import { type RunHeadFragment, RunUsual } from "../generated/operations.ts";
import { PageHead } from "../ui/page-head.tsx";
import { StateBadge } from "../ui/state-badge.tsx";
import { durationText } from "../ui/time-text.ts";
import { Ago, Span } from "../ui/time.tsx";
import { RunActions } from "./run-actions.tsx";
import type { RunLink } from "./run-store.ts";

/** Which run this is, how it stands, and what can be done with it. */
export function RunHead({ run, link }: { readonly run: RunHeadFragment; readonly link: RunLink }) {
  return (
    <>
      <PageHead title={run.name} actions={<RunActions run={run} />}>
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <span className="min-w-0 break-words">{run.name}</span>
          <StateBadge state={run.state} />
          {!isTerminal(run.state) && <LinkState link={link} />}
        </span>
      </PageHead>
      <dl className="mb-4 flex flex-wrap gap-x-6 gap-y-2">
        <RunFacts run={run} />
      </dl>
    </>
  );
}

function RunFacts({ run }: { readonly run: RunHeadFragment }) {
  const { agent, attempt, createdAt, flow, flowVersion, labels, parent, schedule, startedAt } = run;
  return (
    <>
      <Fact name="Flow">
        <Link to="/flows/$flowId" params={{ flowId: flow.id }}>
          {flow.project.name === "default" ? flow.name : `${flow.project.name} / ${flow.name}`}
        </Link>{" "}
        <Link
          to="/flows/$flowId/versions/$number"
          params={{ flowId: flow.id, number: String(flowVersion.number) }}
          className="text-muted"
        >
          version {flowVersion.number}
        </Link>
      </Fact>
      <Fact name={startedAt === null ? "Created" : "Started"}>
        <Ago at={startedAt ?? createdAt} />
      </Fact>
      <Took run={run} />
      {attempt > 1 && <Fact name="Attempt">{attempt}</Fact>}
      {agent !== null && <Fact name="Agent">{agent.name}</Fact>}
      {labels.length > 0 && <Fact name="Labels">{labels.join(", ")}</Fact>}
      {schedule !== null && <Fact name="Schedule">{schedule.name}</Fact>}
      {parent !== null && (
        <Fact name="Started by">
          <Link to="/runs/$runId" params={{ runId: parent.id }}>
            {parent.name}
          </Link>
        </Fact>
      )}
    </>
  );
}

/** How long it took, beside what runs of its flow usually take, and the way to the last one that succeeded. */
function Took({ run: { id, startedAt, endedAt } }: { readonly run: RunHeadFragment }) {
  const { data } = useCloud(RunUsual, { id });
  const usual = data?.flowRun?.usualSeconds ?? null;
  const last = data?.flowRun?.lastSuccess ?? null;
  return (
    <>
      <Fact name="Took">
        <Span from={startedAt} to={endedAt} />
        {usual !== null && <span className="text-muted"> · usually {durationText(usual * 1_000)}</span>}
      </Fact>
      {last !== null && (
        <Fact name="Last success">
          <Link to="/runs/$runId/compare/$otherId" params={{ runId: id, otherId: last.id }}>
            compare with {last.name}
          </Link>
        </Fact>
      )}
    </>
  );
}

/** One thing that is known, and what it is called. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-[13px] text-muted">{name}</dt>
      <dd className="break-words">{children}</dd>
    </div>
  );
}

const LINKS = {
  connecting: ["…", "text-muted", "The page is about to hear from the cloud."],
  live: ["live", "text-good", "What happens is shown as it happens."],
  polling: ["every 5 s", "text-muted", "Something between here and the cloud holds streams back, so the page asks."],
  away: ["not live", "text-warn", "The cloud is not heard at this moment. The page tries again by itself."],
  over: null,
} as const satisfies Record<RunLink, readonly [string, string, string] | null>;

function LinkState({ link }: { readonly link: RunLink }) {
  const told = LINKS[link];
  if (told === null) return null;
  const [text, look, why] = told;
  return (
    <span role="status" title={why} className={`text-[13px] font-normal ${look}`}>
      {text}
    </span>
  );
}
