import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "./checked-id.ts";

/** `weir runs resume ID` */
export async function resume(io: Io, [given = ""]: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const id = checkedId(given);
  const { flowRun } = await withCloud(io, (cloud) => cloud.change("ResumeFlowRun", { id }));
  if (options.json) printDocument(io, { flowRun });
  else line(io, `${flowRun.name} may go on (${flowRun.state}). Follow it: weir runs watch ${id}`);
  return EXIT.ok;
}
