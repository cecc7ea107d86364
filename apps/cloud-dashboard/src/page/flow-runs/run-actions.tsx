import { Link } from "@tanstack/react-router";
import { useChange } from "../cloud/use-cloud.ts";
import {
  CancelRun,
  PauseRun,
  RenameRun,
  RestartRun,
  ResumeRun,
  type RunHeadFragment,
} from "../generated/operations.ts";
import { useViewer } from "../session/viewer.ts";
import { Confirm } from "../ui/confirm.tsx";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { allowedOf } from "./run-allowed.ts";
import { MarkRunAs } from "./run-mark.tsx";

/** What the viewer may do with a run as it stands. */
export function RunActions({ run }: { readonly run: RunHeadFragment }) {
  const permissions = useViewer()?.permissions ?? [];
  const approvals = run.waiting?.approvals.length ?? 0;
  const allowed = allowedOf({ ...run, approvals }, (needed) => permissions.includes(needed));
  return (
    <>
      {allowed.restart && <Restart id={run.id} />}
      {allowed.again && <Again run={run} />}
      {allowed.pause && <Pause id={run.id} />}
      {allowed.resume && <Resume id={run.id} />}
      {allowed.cancel && <Cancel id={run.id} />}
      {allowed.mark.length > 0 && <MarkRunAs id={run.id} states={allowed.mark} />}
      {allowed.rename && <Rename run={run} />}
    </>
  );
}

interface OfRun {
  readonly id: string;
}

function Cancel({ id }: OfRun) {
  const cancel = useChange(CancelRun, ({ cancelFlowRun }) => cancelFlowRun);
  return (
    <Confirm verb="Cancel" kind="danger" act={() => cancel.mutateAsync({ id })}>
      The run is stopped, and so are the runs that it started. A task that runs is asked to stop first.
    </Confirm>
  );
}

function Restart({ id }: OfRun) {
  const restart = useChange(RestartRun, ({ restartFlowRun }) => restartFlowRun);
  return (
    <Confirm verb="Restart from failed" kind="main" act={() => restart.mutateAsync({ id })}>
      The run gets another attempt. What has succeeded keeps its results; what failed, and all that comes after it, runs
      again.
    </Confirm>
  );
}

function Pause({ id }: OfRun) {
  const pause = useChange(PauseRun, ({ pauseFlowRun }) => pauseFlowRun);
  return (
    <Confirm verb="Pause" act={() => pause.mutateAsync({ id })}>
      No further task begins. What runs is finished, and then the run waits until somebody lets it go on.
    </Confirm>
  );
}

function Resume({ id }: OfRun) {
  const resume = useChange(ResumeRun, ({ resumeFlowRun }) => resumeFlowRun);
  return (
    <Confirm verb="Resume" act={() => resume.mutateAsync({ id })}>
      The run goes on where it stood, as soon as an agent takes it.
    </Confirm>
  );
}

function Again({ run }: { readonly run: RunHeadFragment }) {
  return (
    <Link
      to="/flows/$flowId/run"
      params={{ flowId: run.flow.id }}
      search={{ from: run.id }}
      className="inline-flex min-h-8 items-center rounded-md border border-line bg-panel px-3 py-1 font-medium whitespace-nowrap text-ink hover:bg-raised hover:no-underline"
    >
      Start again…
    </Link>
  );
}

function Rename({ run }: { readonly run: RunHeadFragment }) {
  const rename = useChange(RenameRun, ({ renameFlowRun }) => renameFlowRun);
  const save = (fields: FormData) => rename.mutateAsync({ input: { id: run.id, name: typed(fields, "name") } });
  return (
    <FormDialog verb="Rename…" title="Rename the run" kind="quiet" save={save}>
      <TextField label="Name of the run" name="name" defaultValue={run.name} required />
    </FormDialog>
  );
}
