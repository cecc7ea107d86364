import { withCloud } from "../connection/cloud.ts";
import type { ExitCode } from "../exit-codes.ts";
import { type Io, printDocument } from "../io.ts";
import { checkedId } from "./checked-id.ts";
import { closingLines } from "./closing-lines.ts";
import { exitOfRun, runDocument, watchRun } from "./watch-run.ts";

/** `weir runs watch ID` */
export async function watch(io: Io, [id = ""]: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  const view = await withCloud(io, (cloud) => watchRun(io, cloud, checkedId(id), options.json === true));
  if (options.json) printDocument(io, runDocument(view));
  else closingLines(io, view.head);
  return exitOfRun(view);
}
