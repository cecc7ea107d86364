import { CliError } from "../cli-error.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "./checked-id.ts";

interface Options {
  readonly json?: boolean;
  readonly reason?: string;
}

/** `weir runs set-state ID STATE --reason TEXT` */
export async function setState(
  io: Io,
  [given = "", state = ""]: readonly string[],
  { json, reason = "" }: Options,
): Promise<ExitCode> {
  if (reason.trim() === "") {
    throw new CliError(EXIT.usage, "INVALID", "Say why, for whoever reads the run's history: --reason TEXT.");
  }
  const input = { id: checkedId(given), state: state as "Success" | "Failed" | "Cancelled", reason };
  const { flowRun } = await withCloud(io, (cloud) => cloud.change("SetFlowRunState", { input }));
  if (json) printDocument(io, { flowRun });
  else line(io, `${flowRun.name} is ${flowRun.state}. An agent that held it stops within seconds.`);
  return EXIT.ok;
}
