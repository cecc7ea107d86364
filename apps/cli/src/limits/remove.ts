import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";

/** `weir limits remove TAG` */
export async function remove(io: Io, [tag = ""]: readonly string[], options: { json?: boolean }): Promise<ExitCode> {
  await withCloud(io, (cloud) => cloud.change("DeleteTaskLimit", { tag }));
  if (options.json) printDocument(io, { tag });
  else line(io, `Tasks with the tag ${tag} run as they come.`);
  return EXIT.ok;
}
