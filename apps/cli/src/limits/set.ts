import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { setForRuns } from "./run-limits.ts";
import { type Io, line, printDocument } from "../io.ts";

/** `weir limits set TAG SLOTS`; with --runs the word is a label of runs. */
export async function set(
  io: Io,
  [tag = "", slots = ""]: readonly string[],
  options: { json?: boolean; runs?: boolean },
): Promise<ExitCode> {
  if (options.runs) return await setForRuns(io, tag, Number(slots), options.json);
  const input = { tag, slots: Number(slots) };
  const { taskLimit } = await withCloud(io, (cloud) => cloud.change("SetTaskLimit", { input }));
  const held = taskLimit === null ? "" : ` ${taskLimit.held} run now, ${taskLimit.waiting} wait.`;
  if (options.json) printDocument(io, { taskLimit });
  else line(io, `At most ${slots} tasks with the tag ${tag} run at once.${held}`);
  return EXIT.ok;
}
