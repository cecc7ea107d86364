import {
  type BoundaryClasses,
  BOUNDARY_ACTIONS,
  type BoundaryAction,
  CLASS_ACTIONS,
  stricter,
} from "@weir/protocol/boundary-actions";
import { SelectField, TextField } from "../../ui/field.tsx";
import { Panel } from "../../ui/panel.tsx";

/** What a person says of a run beside its parameters, as typed. */
export interface Options {
  readonly name: string;
  readonly labels: string;
  /** As the browser's own field has it: its clock, without a zone. */
  readonly startTime: string;
  readonly idempotencyKey: string;
  readonly boundary: BoundaryClasses;
}

interface RunOptionsProps {
  readonly options: Options;
  readonly change: (options: Options) => void;
  /** Labels that runs of the flow have where none are typed. */
  readonly usualLabels: readonly string[];
  /** What the flow asks of the gate already. */
  readonly flow: BoundaryClasses;
}

/** Everything about a run but its parameters. */
export function RunOptions({ options, change, usualLabels, flow }: RunOptionsProps) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (
    <Panel title="The run">
      <div className="grid gap-x-4 sm:grid-cols-2">
        <TextField
          label="Name"
          maxLength={200}
          value={options.name}
          placeholder="made for it"
          onChange={({ target }) => change({ ...options, name: target.value })}
        />
        <TextField
          label="Labels"
          value={options.labels}
          placeholder={usualLabels.join(", ") || "none: any agent may take it"}
          hint="With commas between. Only an agent that has them all may claim it."
          onChange={({ target }) => change({ ...options, labels: target.value })}
        />
        <TextField
          label="Not before"
          type="datetime-local"
          value={options.startTime}
          hint={`Empty: now. By this machine’s clock (${zone}).`}
          onChange={({ target }) => change({ ...options, startTime: target.value })}
        />
        <TextField
          label="Idempotency key"
          className="font-mono text-[13px]"
          maxLength={200}
          value={options.idempotencyKey}
          hint="Made once for this form: however often it is sent, there is one run."
          onChange={({ target }) => change({ ...options, idempotencyKey: target.value })}
        />
      </div>
      <Tightening boundary={options.boundary} flow={flow} change={(boundary) => change({ ...options, boundary })} />
    </Panel>
  );
}

/** Classes that a run may ask something of, with what they are called. */
const CLASSES = {
  parameter: "Parameters",
  log: "Log lines",
  exception: "Messages and stacks of failures",
  location: "Result locations",
  "run-name": "Names rendered from inputs",
  artifact: "Artifacts",
  config: "Config",
} as const satisfies Partial<Record<keyof typeof CLASS_ACTIONS, string>>;

interface TighteningProps {
  readonly boundary: BoundaryClasses;
  readonly flow: BoundaryClasses;
  readonly change: (boundary: BoundaryClasses) => void;
}

function Tightening({ boundary, flow, change }: TighteningProps) {
  const names = Object.keys(CLASSES) as (keyof typeof CLASSES)[];
  const asked = Object.keys(boundary).length;
  const set = (name: keyof typeof CLASSES, action: string) => {
    const { [name]: _before, ...rest } = boundary;
    change(action === "" ? rest : { ...rest, [name]: action });
  };
  return (
    <details>
      <summary>Keep more from the cloud in this run{asked > 0 && ` (${asked})`}</summary>
      <p className="mt-2 mb-3 text-muted">
        Beyond the policy file of your agents and what the flow asks: a run can only make it stricter.
      </p>
      <div className="grid gap-x-4 sm:grid-cols-2">
        {names.map((name) => (
          <SelectField
            key={name}
            label={CLASSES[name]}
            value={boundary[name] ?? ""}
            hint={flow[name] === undefined ? undefined : `The flow asks for: ${flow[name]}.`}
            onChange={({ target }) => set(name, target.value)}
          >
            <option value="">as policy and flow say</option>
            {stricterThan(name, flow[name]).map((action) => (
              <option key={action} value={action}>
                {action}: {BOUNDARY_ACTIONS[action]}
              </option>
            ))}
          </SelectField>
        ))}
      </div>
    </details>
  );
}

/** Actions of a class that ask for more than the flow does. */
function stricterThan(name: keyof typeof CLASSES, asked: BoundaryAction = "send"): BoundaryAction[] {
  return CLASS_ACTIONS[name].filter((action) => action !== asked && stricter(action, asked) === action);
}
