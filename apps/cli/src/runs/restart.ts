import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { changeMany, type ManyOptions } from "./change-many.ts";
import { checkedId } from "./checked-id.ts";

/** `weir runs restart ID` */
export async function restart(io: Io, [given]: readonly string[], options: ManyOptions): Promise<ExitCode> {
  if (given === undefined) return await changeMany(io, "restart", options);
  const id = checkedId(given);
  const { flowRun } = await withCloud(io, (cloud) => cloud.change("RestartFlowRun", { id }));
  if (options.json) printDocument(io, { flowRun });
  else line(io, `${flowRun.name} begins again; what had succeeded is kept. Follow it: weir runs watch ${id}`);
  return EXIT.ok;
}
