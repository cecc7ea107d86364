import { useChange } from "../cloud/use-cloud.ts";
import { type AgentRowFragment, PauseAgent, ResumeAgent } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { Button } from "../ui/button.tsx";
import { TextField } from "../ui/field.tsx";
import { FormDialog, typed } from "../ui/form-dialog.tsx";
import { Problem } from "../ui/problem.tsx";

/** Keeps an agent from taking runs, and lets it again. */
export function PauseButton({ agent: { name, pause } }: { readonly agent: AgentRowFragment }) {
  const may = useMay("agent:write");
  const stop = useChange(PauseAgent, ({ pauseAgent }) => pauseAgent);
  const resume = useChange(ResumeAgent, ({ resumeAgent }) => resumeAgent);
  if (!may) return null;
  if (pause !== null)
    return (
      <>
        <Button busy={resume.isPending} aria-label={`Resume ${name}`} onClick={() => resume.mutate({ name })}>
          Resume
        </Button>
        {resume.error !== null && <Problem error={resume.error} />}
      </>
    );
  const save = (fields: FormData) => {
    const reason = typed(fields, "reason");
    return stop.mutateAsync({ input: { name, ...(reason === "" ? {} : { reason }) } });
  };
  return (
    <FormDialog verb="Pause" title={`Pause ${name}`} save={save}>
      <p className="mb-3">It takes no run from now on, also after a restart. What it holds goes on.</p>
      <TextField
        label="Reason"
        name="reason"
        maxLength={1_000}
        hint="For whoever asks why it takes nothing. It goes to the cloud in plain."
      />
    </FormDialog>
  );
}
