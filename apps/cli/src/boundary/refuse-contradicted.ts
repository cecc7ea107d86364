import { contradictions } from "@weir/gate";
import type { FlowRegistration } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { ownBoundary } from "../connection/own-boundary.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { hasInsideKey } from "./inside-key.ts";

/**
 * Refuses flows that the policy would not let run, before anything of them is sent.
 * @throws CliError with exit code 6 naming what each flow needs and the line that forbids it; 2 when the policy file cannot be used
 */
export async function refuseContradicted(
  io: Pick<Io, "env" | "cwd">,
  project: string,
  flows: readonly FlowRegistration[],
): Promise<void> {
  const own = await ownBoundary(io);
  const context = { project, hasInsideKey: hasInsideKey(io, own) };
  const problems = flows.flatMap((flow) => contradictions(own.policy, flow, context));
  if (problems.length === 0) return;
  const message = [...problems, "Nothing was registered. `weir boundary check FILE` shows what holds for a flow."];
  throw new CliError(EXIT.conflict, "POLICY_CONTRADICTED", message.join("\n"));
}
