import { contradictions, type Policy, sealingProblem } from "@weir/gate";
import { ownBoundary } from "../connection/own-boundary.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { inspectFlows } from "../flows/inspect.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkLines } from "./check-lines.ts";
import { type ClassRow, type FlowDecisions, flowDecisions, policyRows } from "./decisions.ts";
import { hasInsideKey } from "./inside-key.ts";
import { policyNotes } from "./notes.ts";

interface Options {
  readonly project: string;
  readonly json?: boolean;
}

/** What was found out about a policy, and about the flows of a file. */
export interface Checked {
  readonly policy: Policy;
  readonly project: string;
  /** Null: no file was given. */
  readonly flows: readonly (FlowDecisions & { readonly contradictions: readonly string[] })[] | null;
  readonly classes: readonly ClassRow[];
  /** What is wrong with the policy itself, beyond what its file says. */
  readonly problems: readonly string[];
  readonly notes: readonly string[];
}

/** `weir boundary check [FILE]` */
export async function check(io: Io, [file]: readonly string[], options: Options): Promise<ExitCode> {
  const own = await ownBoundary(io);
  const { policy } = own;
  const context = { project: options.project, hasInsideKey: hasInsideKey(io, own) };
  const found = file === undefined ? null : await inspectFlows(io, file);
  const problem = sealingProblem(policy, context.hasInsideKey);
  const checked: Checked = {
    policy,
    project: options.project,
    flows:
      found?.map((flow) => ({
        ...flowDecisions(policy, flow, options.project),
        contradictions: contradictions(policy, flow, context),
      })) ?? null,
    classes: policyRows(policy),
    problems: problem === null ? [] : [problem],
    notes: policyNotes(policy),
  };
  if (options.json) printDocument(io, { ...checked, policy: policy.source, flows: checked.flows ?? [] });
  else for (const text of checkLines(io, checked)) line(io, text);
  const isContradicted = checked.flows?.some((flow) => flow.contradictions.length > 0) === true;
  return isContradicted || checked.problems.length > 0 ? EXIT.conflict : EXIT.ok;
}
