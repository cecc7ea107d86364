import type { Queue } from "../connection/control-answers.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { count } from "../terminal/quantity.ts";

interface Options {
  readonly json?: boolean;
  readonly reason?: string;
}

/** `weir queue show` */
export async function show(io: Io, _args: readonly string[], { json }: Options): Promise<ExitCode> {
  const { queue } = await withCloud(io, (cloud) => cloud.ask("Queue", {}));
  return tell(io, queue, json);
}

/** `weir queue pause` */
export async function pause(io: Io, _args: readonly string[], { json, reason }: Options): Promise<ExitCode> {
  const input = reason === undefined ? {} : { reason };
  const { queue } = await withCloud(io, (cloud) => cloud.change("PauseQueue", { input }));
  return tell(io, queue, json);
}

/** `weir queue resume` */
export async function resume(io: Io, _args: readonly string[], { json }: Options): Promise<ExitCode> {
  const { queue } = await withCloud(io, (cloud) => cloud.change("ResumeQueue", {}));
  return tell(io, queue, json);
}

function tell(io: Io, queue: Queue, json: boolean | undefined): ExitCode {
  const { due, pause: paused } = queue;
  if (json) printDocument(io, { queue });
  else if (paused === null) line(io, `Agents claim runs as they come; ${count(due, "run")} due.`);
  else {
    const why = paused.reason === null ? "" : `: ${cleanLine(paused.reason)}`;
    line(io, `${cleanLine(paused.by)} paused the queue at ${paused.at}${why}`);
    line(io, `${count(due, "run")} due. Let them go on: weir queue resume`);
  }
  return EXIT.ok;
}
