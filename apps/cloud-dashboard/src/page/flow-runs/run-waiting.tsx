import { Link } from "@tanstack/react-router";
import { useChange } from "../cloud/use-cloud.ts";
import { ApproveTask, type RunHeadFragment, type RunWaitingFragment } from "../generated/operations.ts";
import { OpenedText, type SealKeys } from "../seal/opened.tsx";
import { useMay } from "../session/viewer.ts";
import { CopyText } from "../ui/copy-text.tsx";
import { AreaField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { durationText } from "../ui/time-text.ts";
import { Ago, Moment } from "../ui/time.tsx";

/** Why a run waits, in one look: the sentence, the facts behind it, and what can be done. */
export function RunWaiting({ run }: { readonly run: RunHeadFragment }) {
  const { waiting } = run;
  if (waiting === null) return null;
  return (
    <section aria-labelledby="waits" className="mb-4 rounded-lg border border-warn bg-panel p-4">
      <h2 id="waits" className="mb-1 font-semibold text-warn">
        Why it waits
      </h2>
      <p className="max-w-prose break-words">{waiting.sentence}</p>
      {waiting.until !== null && (
        <p className="mt-1 text-muted">
          <Moment at={waiting.until} /> (<Ago at={waiting.until} />)
        </p>
      )}
      <WaitingFacts waiting={waiting} sealKeys={run.sealKeys} />
      {waiting.approvals.map((approval) => (
        <Approval key={approval.taskRunNumber} runId={run.id} approval={approval} sealKeys={run.sealKeys} />
      ))}
      {waiting.command !== null && (
        <div className="mt-3 w-fit max-w-full">
          <CopyText text={waiting.command} label="Copy the command" />
        </div>
      )}
    </section>
  );
}

function WaitingFacts({ waiting, sealKeys }: { readonly waiting: RunWaitingFragment; readonly sealKeys: SealKeys }) {
  const { agents, limits, pause, taskSlots } = waiting;
  return (
    <ul className="mt-2 space-y-1">
      {pause !== null && pause.reason !== null && (
        <li>
          {pause.by}: <OpenedText text={pause.reason} sealKeys={sealKeys} />
        </li>
      )}
      {agents.map((agent) => (
        <li key={agent.name}>
          <Link to="/agents" className="font-medium">
            {agent.name}
          </Link>{" "}
          <span className="text-muted">{agentText(agent)}</span>
        </li>
      ))}
      {limits.map((limit) => (
        <li key={limit.label}>
          <Link to="/limits">{limit.label}</Link>: {limit.held} of {limit.slots} held by{" "}
          {limit.holders.map(({ flowRunId, flowRunName }, index) => (
            <span key={flowRunId}>
              {index > 0 && ", "}
              <Link to="/runs/$runId" params={{ runId: flowRunId }}>
                {flowRunName}
              </Link>
            </span>
          ))}
        </li>
      ))}
      {taskSlots.map(({ tag, held, slots, waiting: count }) => (
        <li key={tag}>
          <Link to="/limits">{tag}</Link>: {held} of {slots ?? "?"} held, {count} of this run wait
        </li>
      ))}
    </ul>
  );
}

type WaitingAgent = RunWaitingFragment["agents"][number];

function agentText(agent: WaitingAgent): string {
  const { capacity, held, missingLabels, online, pausedBy, servesProject, silentSeconds } = agent;
  const facts = [
    online ? "online" : `silent for ${durationText(silentSeconds * 1_000)}`,
    missingLabels.length > 0 && `lacks ${missingLabels.join(", ")}`,
    !servesProject && "does not serve the project",
    pausedBy !== null && `paused by ${pausedBy}`,
    `holds ${held} of ${capacity}`,
  ];
  return facts.filter((fact) => fact !== false).join(" · ");
}

interface ApprovalProps {
  readonly runId: string;
  readonly approval: RunWaitingFragment["approvals"][number];
  readonly sealKeys: SealKeys;
}

function Approval({ runId, approval, sealKeys }: ApprovalProps) {
  const { message, task, taskRunNumber } = approval;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3 rounded-md border border-line p-3">
      <div className="min-w-0 flex-1">
        <Link to="/runs/$runId/tasks/$number" params={{ runId, number: String(taskRunNumber) }} className="font-medium">
          {task} #{taskRunNumber}
        </Link>
        {message !== null && (
          <p className="break-words whitespace-pre-wrap">
            <OpenedText text={message} sealKeys={sealKeys} />
          </p>
        )}
      </div>
      <Approve runId={runId} number={taskRunNumber} />
    </div>
  );
}

/** Lets a task run that waits for a person go on; absent for whoever may not. */
export function Approve({ runId, number }: { readonly runId: string; readonly number: number }) {
  const approve = useChange(ApproveTask, ({ approveTaskRun }) => approveTaskRun);
  if (!useMay("run:control")) return null;
  const save = (fields: FormData) => {
    const message = typed(fields, "message");
    return approve.mutateAsync({ input: { flowRunId: runId, number, ...(message === "" ? {} : { message }) } });
  };
  return (
    <FormDialog verb="Approve…" title={`Approve task run ${number}`} kind="main" save={save}>
      <AreaField
        label="Message"
        name="message"
        hint="For the history: who approves it, and why. It may stay empty."
        rows={2}
      />
    </FormDialog>
  );
}
