import { isTerminal } from "@weir/protocol/state";
import { CliError } from "../cli-error.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { changeMany, type ManyOptions } from "./change-many.ts";
import { checkedId } from "./checked-id.ts";

/** `weir runs cancel ID`. Asking twice is fine; a run that ended in another way was not cancelled, and that is told. */
export async function cancel(io: Io, [given]: readonly string[], options: ManyOptions): Promise<ExitCode> {
  if (given === undefined) return await changeMany(io, "cancel", options);
  const id = checkedId(given);
  const { flowRun } = await withCloud(io, (cloud) => cloud.change("CancelFlowRun", { id }));
  const { name, state } = flowRun;
  if (isTerminal(state) && state !== "Cancelled")
    throw new CliError(EXIT.conflict, "CONFLICT", `${name} is over already (${state}), so there is nothing to cancel.`);
  if (options.json) printDocument(io, { flowRun });
  else if (state === "Cancelling")
    line(io, `${name} is told to stop; its agent stops it within seconds. Follow it: weir runs watch ${id}`);
  else line(io, `${name} is ${state}.`);
  return EXIT.ok;
}
