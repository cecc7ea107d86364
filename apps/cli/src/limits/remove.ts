import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { removeForRuns } from "./run-limits.ts";
import { type Io, line, printDocument } from "../io.ts";

/** `weir limits remove TAG` */
export async function remove(
  io: Io,
  [tag = ""]: readonly string[],
  options: { json?: boolean; runs?: boolean },
): Promise<ExitCode> {
  if (options.runs) return await removeForRuns(io, tag, options.json);
  await withCloud(io, (cloud) => cloud.change("DeleteTaskLimit", { tag }));
  if (options.json) printDocument(io, { tag });
  else line(io, `Tasks with the tag ${tag} run as they come.`);
  return EXIT.ok;
}
