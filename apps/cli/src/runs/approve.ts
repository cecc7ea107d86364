import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "./checked-id.ts";

interface ApproveOptions {
  readonly json?: boolean;
  readonly message?: string;
}

/** `weir runs approve ID NUMBER` */
export async function approve(
  io: Io,
  [given = "", number = ""]: readonly string[],
  { json, message }: ApproveOptions,
): Promise<ExitCode> {
  const flowRunId = checkedId(given);
  const input = { flowRunId, number: Number(number), ...(message === undefined ? {} : { message }) };
  const { flowRun } = await withCloud(io, (cloud) => cloud.change("ApproveTaskRun", { input }));
  if (json) printDocument(io, { flowRun });
  else if (flowRun.pauseAsked)
    line(io, `Task run ${number} is approved; ${flowRun.name} itself is paused: weir runs resume ${flowRunId}`);
  else
    line(io, `Task run ${number} of ${flowRun.name} is approved and goes on. Follow it: weir runs watch ${flowRunId}`);
  return EXIT.ok;
}
