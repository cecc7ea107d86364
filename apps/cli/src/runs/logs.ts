import type { LogLine } from "../connection/answers.ts";
import { type Cloud, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { checkedId } from "./checked-id.ts";
import { followRun } from "./follow-run.ts";
import { FORGOTTEN } from "./forgotten.ts";
import { isForgotten, readLogs, readTaskRuns } from "./read-run.ts";

interface Options {
  readonly follow?: boolean;
  readonly json?: boolean;
}

/** `weir runs logs ID`: each line as it is, so that it can be searched; times in UTC. */
export async function logs(io: Io, [given = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const id = checkedId(given);
  await withCloud(io, async (cloud) => {
    if (options.follow) await follow(io, cloud, id, options.json === true);
    if (options.json) printDocument(io, { flowRunId: id, logs: await readLogs(cloud, id) });
    else if (!options.follow) await printAll(io, cloud, id);
    // On stderr: what reads the log gets no line that is none of it.
    if (await isForgotten(cloud, id)) io.err(`${FORGOTTEN}\n`);
  });
  return EXIT.ok;
}

/** Goes on until the run is over; with --json silently, since the one document comes at the end. */
async function follow(io: Io, cloud: Cloud, id: string, silent: boolean): Promise<void> {
  const names = new Map<number, string>();
  for await (const { taskRuns, logs: news } of followRun(io, cloud, id)) {
    for (const { number, task } of taskRuns) names.set(number, task);
    if (!silent) for (const log of news) printLog(io, log, names);
  }
}

async function printAll(io: Io, cloud: Cloud, id: string): Promise<void> {
  const [found, taskRuns] = await Promise.all([readLogs(cloud, id), readTaskRuns(cloud, id)]);
  const names = new Map(taskRuns.map(({ number, task }) => [number, task]));
  for (const log of found) printLog(io, log, names);
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
