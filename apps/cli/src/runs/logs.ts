import type { LogLine } from "../connection/answers.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "./checked-id.ts";
import { followRun } from "./follow-run.ts";
import { readLogs, readTaskRuns } from "./read-run.ts";

interface Options {
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `weir runs logs ID`: each line as it is, so that it can be searched; times in UTC. */
export async function logs(io: Io, [given = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const id = checkedId(given);
  await withCloud(io, async (cloud) => {
    if (options.follow && !options.json) {
      const names = new Map<number, string>();
      for await (const update of followRun(io, cloud, id)) {
        for (const { number, task } of update.taskRuns) names.set(number, task);
        for (const log of update.logs) printLog(io, log, names);
      }
      return;
    }
    const found = await readLogs(cloud, id);
    if (options.json) return printDocument(io, { flowRunId: id, logs: found });
    const names = new Map((await readTaskRuns(cloud, id)).map(({ number, task }) => [number, task]));
    for (const log of found) printLog(io, log, names);
  });
  return EXIT.ok;
}

function printLog(
  io: Io,
  { at, level, text, logger, taskRunNumber }: LogLine,
  names: ReadonlyMap<number, string>,
): void {
  const { paint } = io;
  const colour = level === "warn" ? paint.yellow : level === "error" || level === "fatal" ? paint.red : paint.dim;
  const from = taskRunNumber === null ? logger : (names.get(taskRunNumber) ?? `task run ${taskRunNumber}`);
  line(io, `${paint.dim(at)} ${colour(level.padEnd(5))} ${paint.dim(`${from}:`)} ${text}`);
}
