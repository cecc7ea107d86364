import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { Refused } from "../../cloud/refused.ts";
import { useChange } from "../../cloud/use-cloud.ts";
import { StartRun, type StartRunMutationVariables } from "../../generated/operations.ts";
import type { FieldProblem } from "../form/field-problems.ts";
import { refusedFields } from "./refused-fields.ts";

type Input = StartRunMutationVariables["input"];

/** Parameters that are not sent, since they would not be taken. */
export class Unfit extends Error {
  override readonly name = "Unfit";
  readonly problems: readonly FieldProblem[];

  constructor(problems: readonly FieldProblem[]) {
    super("Some parameters do not fit the flow’s schema. Nothing was sent.");
    this.problems = problems;
  }
}

interface Start {
  readonly busy: boolean;
  readonly error: unknown;
  readonly problems: readonly FieldProblem[];
  /** @param prepare throws what keeps the run from being sent, `Unfit` where fields are wrong */
  readonly start: (prepare: () => Promise<Input>, names: readonly string[]) => Promise<void>;
  readonly tell: (error: unknown) => void;
}

/** Creates a run and goes to it, or tells what is wrong, field by field where that is known. */
export function useStart(): Start {
  const navigate = useNavigate();
  const change = useChange(StartRun, ({ createFlowRun }) => createFlowRun);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const [problems, setProblems] = useState<readonly FieldProblem[]>([]);
  const start: Start["start"] = async (prepare, names) => {
    setBusy(true);
    setError(null);
    setProblems([]);
    try {
      const { flowRun } = await change.mutateAsync({ input: await prepare() });
      await navigate({ to: "/runs/$runId", params: { runId: flowRun.id } });
    } catch (caught) {
      setError(caught);
      setProblems(problemsOf(caught, names));
    } finally {
      setBusy(false);
    }
  };
  return { busy, error, problems, start, tell: setError };
}

function problemsOf(error: unknown, names: readonly string[]): readonly FieldProblem[] {
  if (error instanceof Unfit) return error.problems;
  const isOfFields = error instanceof Refused && error.code === "PARAMETERS_INVALID";
  return isOfFields ? refusedFields(error.message, names) : [];
}
