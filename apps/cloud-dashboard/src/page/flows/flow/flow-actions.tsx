import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useChange, useCloud } from "../../cloud/use-cloud.ts";
import { DeleteFlow, FlowProjects, MoveFlow } from "../../generated/operations.ts";
import { useMay } from "../../session/viewer.ts";
import { SelectField, TextField } from "../../ui/field.tsx";
import { FormDialog, typed } from "../../ui/form-dialog.tsx";
import type { PageFlow } from "./flow-settings.tsx";

/** What can be done with a flow as a whole. */
export function FlowActions({ flow }: { readonly flow: PageFlow }) {
  const mayWrite = useMay("flow:write");
  const mayStart = useMay("run:start");
  return (
    <>
      {mayWrite && <MoveButton flow={flow} />}
      {mayWrite && <DeleteButton flow={flow} />}
      {mayStart && flow.currentVersion !== null && (
        <Link
          to="/flows/$flowId/run"
          params={{ flowId: flow.id }}
          className="inline-flex min-h-8 items-center rounded-md bg-accent px-3 py-1 font-medium text-on-accent hover:no-underline hover:opacity-90"
        >
          Run now
        </Link>
      )}
    </>
  );
}

function MoveButton({ flow: { id, name, project, currentVersion } }: { readonly flow: PageFlow }) {
  const move = useChange(MoveFlow, ({ moveFlow }) => moveFlow);
  const projects = useCloud(FlowProjects, {}).data?.projects.nodes ?? [];
  const others = projects.filter((one) => one.id !== project.id);
  const save = async (fields: FormData) => {
    if (others.length === 0) throw new Error("There is no other project. Make one first: mutation createProject.");
    return await move.mutateAsync({ input: { id, project: typed(fields, "project") } });
  };
  return (
    <FormDialog verb="Move" title={`Move ${name} to another project`} save={save}>
      <p className="mb-3">
        Versions, settings, schedules and runs go along. Overrides of policy files, and agents that serve some projects
        alone, know a project by its name.
        {currentVersion?.signature != null && " Its signature says the project: register the flow anew there, signed."}
      </p>
      <SelectField label="Project" name="project" required>
        {others.map((one) => (
          <option key={one.id}>{one.name}</option>
        ))}
      </SelectField>
    </FormDialog>
  );
}

function DeleteButton({ flow: { id, name } }: { readonly flow: PageFlow }) {
  const navigate = useNavigate();
  const remove = useChange(DeleteFlow, ({ deleteFlow }) => deleteFlow);
  const [deleted, setDeleted] = useState(0);
  const save = async (fields: FormData) => {
    if (typed(fields, "name") !== name) throw new Error(`That is not the flow’s name. Type ${name} to delete it.`);
    // A large history goes in steps: the same call again goes on.
    for (let done = false, runs = 0; !done; setDeleted(runs)) {
      const step = await remove.mutateAsync({ id });
      done = step.done;
      runs += step.runs;
    }
    await navigate({ to: "/flows" });
  };
  return (
    <FormDialog verb="Delete" title={`Delete ${name}`} kind="danger" save={save}>
      <p className="mb-3">
        Deletes the flow <strong>with all of its history</strong>: versions, settings, schedules, runs, task runs, logs,
        artifacts. Refused while a run is not finished. Nothing can be brought back; results in your own storage stay.
      </p>
      <TextField label={`To delete it, type its name: ${name}`} name="name" required />
      <p role="status">{deleted > 0 && `${deleted} runs are deleted so far.`}</p>
    </FormDialog>
  );
}
