import { ledgerFileIn, type LedgerReport, verifyLedger } from "@weir/gate";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { count } from "../terminal/quantity.ts";
import { directoryOf, headOf, hmacKeyOf, withLedger } from "./options.ts";

interface Options {
  readonly directory?: string;
  readonly expect?: string;
  readonly json?: boolean;
}

/** `weir ledger verify` */
export async function verify(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const directory = directoryOf(io, options.directory);
  const hmacKey = hmacKeyOf(io, directory);
  const report = await withLedger(() =>
    verifyLedger(ledgerFileIn(directory), {
      ...(hmacKey === undefined ? {} : { hmacKey }),
      ...(options.expect === undefined ? {} : { expect: headOf(options.expect) }),
    }),
  );
  if (options.json) printDocument(io, report);
  else for (const text of reportLines(io, report)) line(io, text);
  return report.problem === null ? EXIT.ok : EXIT.failed;
}

function reportLines(io: Io, { entries, segments, head, problem, remarks }: LedgerReport): string[] {
  const size = `${count(entries, "entry").replace("entrys", "entries")} in ${count(segments, "segment")}`;
  const notes = remarks.map((remark) => io.paint.dim(`  ${cleanLine(remark)}`));
  if (problem !== null)
    return [io.paint.red(`✗ ${cleanLine(problem)}`), io.paint.dim(`  Up to there, ${size} were read.`), ...notes];
  const note = head === null ? [] : [`  head ${head.number}:${head.hash}`];
  return [`${io.paint.green("✓")} ${size}: none was changed, removed or moved.`, ...note, ...notes];
}
