import { resolve } from "node:path";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { shortPath } from "../terminal/short-path.ts";
import { wrap } from "../terminal/width.ts";
import { ALL_PARTS } from "./parts.ts";
import { defaultPolicy, policyOfFile, sealedPolicy, strictPolicy } from "./policies.ts";
import { runProof, type SidePlan } from "./proof.ts";
import { faultLines, hasPassed, proofDocument, saveReport } from "./report.ts";
import { tableLines } from "./table.ts";

const POLICIES = { default: defaultPolicy, strict: strictPolicy, sealed: sealedPolicy } as const;

interface Options {
  readonly only?: keyof typeof POLICIES;
  readonly policy?: string;
  readonly keep?: boolean;
  readonly report: string;
  readonly json?: boolean;
  readonly databaseUrlFile?: string;
}

/** `weir prove` */
export async function prove(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const begun = performance.now();
  const at = new Date();
  const step = (sentence: string): void => io.err(`${io.paint.dim(`  ${sentence} …`)}\n`);
  const sides = plansOf(io, options);
  const searched = await runProof(io, {
    database: databaseOf(io, options),
    sides,
    atOnce: sides.length,
    step,
    keep: options.keep === true,
  });
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

function plansOf(io: Io, { only, policy }: Options): SidePlan[] {
  const names =
    only !== undefined ? [only] : policy === undefined ? (Object.keys(POLICIES) as (keyof typeof POLICIES)[]) : [];
  const own =
    policy === undefined
      ? []
      : [{ name: "yours", policy: policyOfFile(resolve(io.cwd, policy), io.env), parts: ALL_PARTS }];
  return [...names.map((name) => ({ name, policy: POLICIES[name], parts: ALL_PARTS })), ...own];
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
