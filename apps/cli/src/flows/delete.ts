import { CliError } from "../cli-error.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { count } from "../terminal/quantity.ts";
import { findFlow } from "./find-flow.ts";

interface Options {
  readonly project: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `weir flows delete FLOW --yes` */
export async function remove(
  io: Io,
  [name = ""]: readonly string[],
  { project, yes, json }: Options,
): Promise<ExitCode> {
  if (yes !== true)
    throw new CliError(
      EXIT.usage,
      "NOT_CONFIRMED",
      `This deletes the flow ${JSON.stringify(name)} with all of its history: versions, settings, schedules, runs, logs, artifacts. It cannot be undone; add --yes if that is meant.`,
    );
  const runs = await withCloud(io, async (cloud) => {
    const { id } = await findFlow(cloud, project, name);
    for (let deleted = 0; ;) {
      const part = await cloud.change("DeleteFlow", { id });
      deleted += part.runs;
      if (part.done) return deleted;
      io.err(`${io.paint.dim(`${count(deleted, "run")} deleted …`)}\n`);
    }
  });
  if (json) printDocument(io, { flow: name, runs });
  else line(io, `${name} is deleted, with ${count(runs, "run")}. Results in your own storage stay.`);
  return EXIT.ok;
}
