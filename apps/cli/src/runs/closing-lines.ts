import type { RunHead } from "../connection/answers.ts";
import { type Io, line } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { duration } from "../terminal/quantity.ts";
import { paintState, stateMark } from "../terminal/state-mark.ts";
import { wrap } from "../terminal/width.ts";

/** One sentence about how a run ended, and what can be done next. */
export function closingLines(io: Io, run: RunHead): void {
  const { state, startedAt, endedAt, id } = run;
  const took = startedAt && endedAt ? ` after ${duration(Date.parse(endedAt) - Date.parse(startedAt))}` : "";
  line(io);
  line(io, `${paintState(io, state, `${stateMark(state)} ${state}`)}${took}`);
  const said = run.failure?.message ?? run.message;
  if (said && state !== "Success") for (const text of wrap(cleanLine(said), io.columns - 2)) line(io, `  ${text}`);
  line(io, io.paint.dim(`Look at it again: weir runs show ${id}`));
}
