import { resolve } from "node:path";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { shortPath } from "../terminal/short-path.ts";
import { wrap } from "../terminal/width.ts";
import { checkedPolicy, type DatabaseOptions, databaseOf } from "./inputs.ts";
import { ALL_PARTS } from "./parts.ts";
import { defaultPolicy, policyOfFile, sealedPolicy, strictPolicy } from "./policies.ts";
import { runProof, type SidePlan } from "./proof.ts";
import { faultLines, happenedLine, hasPassed, proofDocument, saveReport, searchedLine } from "./report.ts";
import { tableLines } from "./table.ts";

const POLICIES = { default: defaultPolicy, strict: strictPolicy, sealed: sealedPolicy } as const;

interface Options extends DatabaseOptions {
  readonly only?: keyof typeof POLICIES;
  readonly policy?: string;
  readonly keep?: boolean;
  readonly report: string;
  readonly json?: boolean;
}

/** `weir prove` */
export async function prove(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const begun = performance.now();
  const at = new Date();
  const step = (sentence: string): void => io.err(`${io.paint.dim(`  ${sentence} …`)}\n`);
  const database = databaseOf(io, options);
  const sides = await plansOf(io, options);
  const searched = await runProof(io, {
    database,
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
    for (const text of [happenedLine(searched), searchedLine(searched)])
      line(io, io.paint.dim(wrap(text, io.columns).join("\n")));
    line(io);
    for (const text of faultLines(searched)) line(io, io.paint.red(wrap(`✗ ${text}`, io.columns).join("\n  ")));
    line(io, verdictLine(io, hasPassed(searched), seconds));
    line(io, io.paint.dim(`The report: ${files.map((file) => shortPath(io.cwd, file)).join("  ")}`));
  }
  return hasPassed(searched) ? EXIT.ok : EXIT.failed;
}

async function plansOf(io: Io, { only, policy }: Options): Promise<SidePlan[]> {
  const names =
    only !== undefined ? [only] : policy === undefined ? (Object.keys(POLICIES) as (keyof typeof POLICIES)[]) : [];
  const plans = names.map((name) => ({ name, policy: POLICIES[name], parts: ALL_PARTS }));
  if (policy === undefined) return plans;
  const file = await checkedPolicy(io, policy);
  return [...plans, { name: "yours", policy: policyOfFile(file, io), parts: ALL_PARTS }];
}

function verdictLine(io: Io, passed: boolean, seconds: number): string {
  const [paint, text] = passed
    ? [io.paint.green, "✓ passed: each canary was found where its policy lets it be, and nowhere else."]
    : [
        io.paint.red,
        "✗ FAILED: the lines above say what did not happen, what was found where it must not be, or was not found where it had to be.",
      ];
  return paint(wrap(`${text} (${seconds} s)`, io.columns).join("\n  "));
}
