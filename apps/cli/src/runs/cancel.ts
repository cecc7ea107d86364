import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "./checked-id.ts";

/** `weir runs cancel ID` */
export async function cancel(io: Io, [given = ""]: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const id = checkedId(given);
  const { flowRun } = await withCloud(io, (cloud) => cloud.change("CancelFlowRun", { id }));
  if (options.json) printDocument(io, { flowRun });
  else if (flowRun.state === "Cancelling")
    line(io, `${flowRun.name} is told to stop; its agent stops it within seconds. Follow it: weir runs watch ${id}`);
  else line(io, `${flowRun.name} is ${flowRun.state}.`);
  return EXIT.ok;
}
