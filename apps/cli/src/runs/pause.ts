import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "./checked-id.ts";

/** `weir runs pause ID` */
export async function pause(io: Io, [given = ""]: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const id = checkedId(given);
  const { flowRun } = await withCloud(io, (cloud) => cloud.change("PauseFlowRun", { id }));
  const { name, state } = flowRun;
  if (options.json) printDocument(io, { flowRun });
  else if (state === "Paused") line(io, `${name} is paused. Let it go on: weir runs resume ${id}`);
  else line(io, `${name} begins no further task, and is paused once those that run have ended: weir runs watch ${id}`);
  return EXIT.ok;
}
