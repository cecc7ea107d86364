import { makeId } from "@weir/protocol/ids";
import type { Json } from "@weir/protocol";
import type { BoundaryClasses } from "@weir/protocol/boundary-actions";
import { type FormEvent, useMemo, useState } from "react";
import type { StartPageQuery } from "../../generated/operations.ts";
import { Button } from "../../ui/button.tsx";
import { Problem } from "../../ui/problem.tsx";
import { formFacts } from "./form-facts.ts";
import { ParametersPanel } from "./parameters-panel.tsx";
import { preparedRun } from "./prepared-run.ts";
import { runInput } from "./run-input.ts";
import { type Options, RunOptions } from "./run-options.tsx";
import { SealNotice } from "./seal-notice.tsx";
import { defaultsInForce, givenValues, startValues, unsendable } from "./start-values.ts";
import { type Typed, typedAs, typedValues } from "./typed-values.ts";
import { useParameterAction } from "./use-parameter-action.ts";
import { Unfit, useStart } from "./use-start.ts";

type Flow = NonNullable<StartPageQuery["flowById"]>;

/** What an earlier run was started with. */
export interface Earlier {
  readonly parameters: Json;
  readonly labels: readonly string[];
  /** They came sealed, and were opened here. */
  readonly wasSealed: boolean;
}

interface StartFormProps {
  readonly flow: Flow;
  readonly version: NonNullable<Flow["currentVersion"]>;
  readonly earlier: Earlier | null;
  readonly as: Typed["as"];
}

/** The form that starts a run. */
export function StartForm({ flow, version, earlier, as }: StartFormProps) {
  const asked = (version.boundary ?? {}) as BoundaryClasses;
  const facts = useMemo(() => formFacts(version.parameterSchema, version.parameterDefaults), [version]);
  const [options, setOptions] = useState<Options>(() => firstOptions(earlier));
  const { trust, action, because } = useParameterAction(asked, options.boundary, earlier?.wasSealed ?? false);
  const isJoining = action === "send" && version.signature === null;
  const defaults = defaultsInForce(defaultsOf(flow, version), isJoining);
  const [typed, setTyped] = useState<Typed>(() => {
    const values = startValues(facts.schema, defaults, earlier?.parameters ?? null);
    return typedAs(facts.schema === null ? "json" : as, values);
  });
  const { busy, error, problems, start, tell } = useStart();

  const prepare = async () => {
    // Undefined: whether this browser seals is not known.
    if (trust === undefined) throw new Error("What this browser seals for is not known: see below. Nothing was sent.");
    const values = action === "drop" ? {} : typedValues(typed);
    const why = unsendable(values);
    if (why !== null) throw new Error(why);
    const wrong = facts.checker?.problemsOf({ ...defaults, ...values }) ?? [];
    if (wrong.length > 0 && action !== "drop") throw new Unfit(wrong);
    const given = givenValues(values, defaults);
    const prepared = await preparedRun({ given, action, boundary: options.boundary, trust });
    return runInput({ flow: flow.name, project: flow.project.name }, options, prepared);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start(prepare, Object.keys(Object(facts.schema?.["properties"])));
  };
  const turn = (next: Typed["as"]) => {
    try {
      setTyped(typedAs(next, typedValues(typed)));
      tell(null);
    } catch (caught) {
      tell(caught);
    }
  };
  return (
    <form onSubmit={submit} noValidate>
      {action !== "drop" && (
        <ParametersPanel facts={facts} typed={typed} change={setTyped} turn={turn} problems={problems} />
      )}
      <SealNotice action={action} because={because} />
      <RunOptions
        options={options}
        change={setOptions}
        usualLabels={flow.settings?.labels ?? version.labels}
        flow={asked}
      />
      {error !== null && <Problem error={error} />}
      <Button kind="main" type="submit" busy={busy} disabled={action === "seal" && trust === null}>
        {options.startTime === "" ? "Start it" : "Schedule it"}
      </Button>
    </form>
  );
}

const defaultsOf = ({ settings }: Flow, { parameterDefaults }: StartFormProps["version"]) => ({
  version: parameterDefaults,
  settings: settings?.parameterDefaults ?? null,
});

const firstOptions = (earlier: Earlier | null): Options => ({
  name: "",
  labels: earlier?.labels.join(", ") ?? "",
  startTime: "",
  idempotencyKey: makeId(),
  boundary: {},
});
