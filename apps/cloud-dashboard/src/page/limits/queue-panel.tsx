import { useChange } from "../cloud/use-cloud.ts";
import { type LimitsPageQuery, PauseQueue, ResumeQueue } from "../generated/operations.ts";
import { OpenedText } from "../seal/opened.tsx";
import { useMay } from "../session/viewer.ts";
import { Confirm } from "../ui/confirm.tsx";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { Panel } from "../ui/panel.tsx";
import { Ago } from "../ui/time.tsx";

/** All runs of the tenant that wait: whether they are claimed at all. */
export function QueuePanel({ queue: { due, pause } }: { readonly queue: LimitsPageQuery["queue"] }) {
  const may = useMay("limit:write");
  return (
    <Panel title="Queue of all runs" actions={may && (pause === null ? <Pause /> : <Resume />)}>
      {pause === null ? (
        <p>Agents claim runs as their time comes. {dueText(due)}</p>
      ) : (
        <p>
          <strong className="text-warn">Paused</strong> by {pause.by}, <Ago at={pause.at} />: no agent claims a run
          until somebody resumes it. {dueText(due)}{" "}
          {pause.reason !== null && (
            <>
              Why: <OpenedText text={pause.reason} sealKeys={[]} />
            </>
          )}
        </p>
      )}
    </Panel>
  );
}

function dueText(due: number): string {
  if (due === 0) return "None waits now.";
  return due === 1 ? "1 run waits now." : `${due.toLocaleString("en")} runs wait now.`;
}

function Pause() {
  const pause = useChange(PauseQueue, (data) => data.pauseQueue);
  return (
    <FormDialog
      verb="Pause the queue"
      save={(fields) => pause.mutateAsync({ input: { reason: typed(fields, "reason") || null } })}
    >
      <p className="mb-3">From now on no agent claims a run of this tenant. What is held goes on.</p>
      <TextField
        label="Why"
        name="reason"
        maxLength={1_000}
        hint="For whoever asks why nothing runs. The cloud reads it: it is of the class exception, sent as it is."
      />
    </FormDialog>
  );
}

function Resume() {
  const resume = useChange(ResumeQueue, (data) => data.resumeQueue);
  return (
    <Confirm verb="Resume the queue" kind="main" act={() => resume.mutateAsync({})}>
      Agents may claim runs again, at once.
    </Confirm>
  );
}
