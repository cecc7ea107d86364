import { CliError } from "../cli-error.ts";
import { withCloud } from "../connection/cloud.ts";
import type { BulkOutcome } from "../connection/control-answers.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { count } from "../terminal/quantity.ts";
import { type FilterOptions, filterOf } from "./run-filter.ts";

export interface ManyOptions extends FilterOptions {
  readonly json?: boolean;
  readonly yes?: boolean;
}

/**
 * Cancels or restarts all runs that a filter finds. Without --yes it says how many that are, and changes none; with it, those that are counted now.
 * @throws CliError without a filter, or without --yes
 */
export async function changeMany(io: Io, verb: "cancel" | "restart", options: ManyOptions): Promise<ExitCode> {
  const filter = filterOf(options);
  if (Object.keys(filter).length === 0) {
    const message = `Say which runs are meant: an id, or options such as --flow and --state. See weir runs ${verb} --help.`;
    throw new CliError(EXIT.usage, "INVALID", message);
  }
  const outcome = await withCloud(io, async (cloud): Promise<BulkOutcome> => {
    const { flowRunCount } = await cloud.ask("FlowRunCount", { filter });
    const runs = `${flowRunCount.isMore ? "more than " : ""}${count(flowRunCount.count, "run")}`;
    if (options.yes !== true) {
      throw new CliError(EXIT.usage, "NOT_CONFIRMED", `This would ${verb} ${runs}. Add --yes if that is meant.`);
    }
    const input = { filter, expectedCount: flowRunCount.count };
    return await cloud.change(verb === "cancel" ? "CancelFlowRuns" : "RestartFlowRuns", { input });
  });
  const { changed, refused, left } = outcome;
  if (options.json) printDocument(io, { changed, refused, left });
  else for (const text of outcomeLines(verb, outcome)) line(io, text);
  return EXIT.ok;
}

function outcomeLines(verb: "cancel" | "restart", { changed, refused, left }: BulkOutcome): string[] {
  const done = verb === "cancel" ? "cancelled, or told to stop" : "started again";
  return [
    `${count(changed, "run")} ${done}.`,
    ...refused.map((kind) => `${count(kind.count, "run")} left as they are (${kind.code}): ${kind.message}`),
    ...(left > 0 ? [`${count(left, "run")} not looked at.`] : []),
  ];
}
