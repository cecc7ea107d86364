import { useChange } from "../../cloud/use-cloud.ts";
import { SetFlowSettings } from "../../generated/operations.ts";
import { AreaField, TextField } from "../../ui/field.tsx";
import { FormDialog, typed } from "../../ui/form-dialog.tsx";
import type { KeptTrust } from "../trust/kept-trust.ts";
import { useKeptTrust } from "../trust/use-kept-trust.ts";
import type { PageFlow } from "./flow-settings.tsx";
import { NO_SETTINGS, type Settings, settingsPatch, type TypedSettings } from "./settings-patch.ts";

/** The form that changes a flow's settings. */
export function EditSettings({ flow }: { readonly flow: PageFlow }) {
  const set = useChange(SetFlowSettings, ({ setFlowSettings }) => setFlowSettings);
  const settings = settingsOf(flow);
  const text = textsOf(settings);
  const save = async (fields: FormData) => {
    // A field that is not there, since its values may not be read here, says nothing.
    const given = Object.keys(text).map((name) => [
      name,
      fields.has(name) ? typed(fields, name) : text[name as keyof Settings],
    ]);
    const patch = settingsPatch(settings, Object.fromEntries(given) as TypedSettings);
    if (Object.keys(patch).length === 0) return;
    await set.mutateAsync({ input: { flow: flow.name, project: flow.project.name, ...patch, ...labelsOf(patch) } });
  };
  return (
    <FormDialog verb="Change" title={`Change the settings of ${flow.name}`} save={save}>
      <TextField label="Description" name="description" defaultValue={text.description} />
      <TextField
        label="Labels"
        name="labels"
        defaultValue={text.labels}
        hint="With commas between. Only an agent that has them all may claim its runs; empty: as the version says."
      />
      <TextField
        label="Takeovers from silent agents"
        name="maxRecoveries"
        type="number"
        min={0}
        max={100}
        defaultValue={text.maxRecoveries}
        hint="How often a run is taken over before it fails; empty: as the cloud has it."
      />
      <TextField
        label="Wait before the first, seconds"
        name="recoveryBackoffSeconds"
        type="number"
        min={0}
        max={3600}
        step="any"
        defaultValue={text.recoveryBackoffSeconds}
        hint="Each further one doubles it."
      />
      <Defaults flow={flow} text={text.parameterDefaults} />
    </FormDialog>
  );
}

function Defaults({ flow: { currentVersion }, text }: { readonly flow: PageFlow; readonly text: string }) {
  const { trust } = useKeptTrust();
  const hidden = hiddenBecause(currentVersion, trust);
  if (hidden !== null) return <p className="mb-3 text-muted">{hidden}</p>;
  return (
    <AreaField
      label="Default parameters"
      name="parameterDefaults"
      rows={4}
      defaultValue={text}
      placeholder='{ "top": 5 }'
      hint="A JSON object, in plain: the cloud joins it with what is given. Before those of the version."
    />
  );
}

/** Why defaults cannot be kept in settings, as gate and cloud would say it; null: they can. */
function hiddenBecause(version: PageFlow["currentVersion"], trust: KeptTrust | null | undefined): string | null {
  if (trust === undefined) return "Whether this browser seals parameters is not known yet.";
  if (trust?.alwaysSeals === true)
    return "This browser seals all parameters that are typed in it, and the cloud would have to join defaults of the settings with them. Put them into the flow’s code.";
  if (version === null) return null;
  if (version.signature !== null)
    return "The version is signed, its defaults with it: agents would refuse others. Change them in its code.";
  const { parameter = "send" } = Object(version.boundary) as { parameter?: string };
  if (parameter === "send") return null;
  return "The flow keeps its parameters from the cloud, which would have to join defaults of the settings with them. Put them into its code.";
}

function settingsOf({ settings }: PageFlow): Settings {
  if (settings === null) return NO_SETTINGS;
  const { description, labels, maxRecoveries, recoveryBackoffSeconds, parameterDefaults } = settings;
  return { description, labels, maxRecoveries, recoveryBackoffSeconds, parameterDefaults };
}

function textsOf(settings: Settings): TypedSettings {
  const { description, labels, maxRecoveries, recoveryBackoffSeconds, parameterDefaults } = settings;
  return {
    description: description ?? "",
    labels: labels?.join(", ") ?? "",
    maxRecoveries: String(maxRecoveries ?? ""),
    recoveryBackoffSeconds: String(recoveryBackoffSeconds ?? ""),
    parameterDefaults: parameterDefaults === null ? "" : JSON.stringify(parameterDefaults, null, 2),
  };
}

/** The operation takes a list that may be changed. */
const labelsOf = ({ labels }: Partial<Settings>) => (labels === undefined ? {} : { labels: labels && [...labels] });
