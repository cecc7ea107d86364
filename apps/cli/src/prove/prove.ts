import { resolve } from "node:path";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { shortPath } from "../terminal/short-path.ts";
import { wrap } from "../terminal/width.ts";
import { ALL_PARTS } from "./parts.ts";
import { defaultPolicy } from "./policies.ts";
import { runProof, type SidePlan } from "./proof.ts";
import { faultLines, hasPassed, proofDocument, saveReport } from "./report.ts";
import { tableLines } from "./table.ts";

interface Options {
  readonly report: string;
  readonly json?: boolean;
  readonly databaseUrlFile?: string;
}

/** `weir prove` */
export async function prove(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const begun = performance.now();
  const at = new Date();
  const step = (sentence: string): void => io.err(`${io.paint.dim(`  ${sentence} …`)}\n`);
  const sides: SidePlan[] = [{ name: "default", policy: defaultPolicy, parts: ALL_PARTS }];
  const searched = await runProof(io, { database: databaseOf(io, options), sides, atOnce: sides.length, step });
  const seconds = Math.round((performance.now() - begun) / 100) / 10;
  const files = saveReport(resolve(io.cwd, options.report), searched, at, seconds);
  if (options.json) printDocument(io, proofDocument(searched, at, seconds));
  else {
    line(io);
    for (const text of tableLines(io, searched.sides)) line(io, text);
    line(io);
    for (const text of faultLines(searched)) line(io, io.paint.red(wrap(`✗ ${text}`, io.columns).join("\n  ")));
    line(io, verdictLine(io, hasPassed(searched), seconds));
    line(io, io.paint.dim(`The report: ${files.map((file) => shortPath(io.cwd, file)).join("  ")}`));
  }
  return hasPassed(searched) ? EXIT.ok : EXIT.failed;
}

function verdictLine(io: Io, passed: boolean, seconds: number): string {
  return passed
    ? `${io.paint.green("✓ passed")}: each canary was found where its policy lets it be, and nowhere else. (${seconds} s)`
    : `${io.paint.red("✗ FAILED")}: the lines above say what was found where it must not be, or was not found where it had to be. (${seconds} s)`;
}

function databaseOf(io: Io, { databaseUrlFile }: Options) {
  return databaseUrlFile === undefined
    ? ({ kind: "embedded" } as const)
    : ({ kind: "given", urlFile: resolve(io.cwd, databaseUrlFile) } as const);
}
