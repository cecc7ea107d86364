import { createReadStream } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { AuditChain, type AuditEntry, type AuditHead } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { oldestFirst } from "./read-log.ts";

interface Options {
  readonly expect?: string;
  readonly file?: string;
  readonly json?: boolean;
}

/** What was found of a log. */
interface Verified {
  readonly entries: number;
  readonly head: AuditHead;
  /** The first entry that does not fit, as a sentence; null: all do. */
  readonly problem: string | null;
}

/** `weir audit verify` */
export async function verify(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const expected = options.expect === undefined ? null : headOf(options.expect);
  const { file } = options;
  const found =
    file === undefined ? await ofCloud(io, expected) : await follow(linesOf(resolve(io.cwd, file)), [expected]);
  if (options.json) printDocument(io, found);
  else for (const text of lines(io, found)) line(io, text);
  return found.problem === null ? EXIT.ok : EXIT.failed;
}

async function ofCloud(io: Io, expected: AuditHead | null): Promise<Verified> {
  return await withCloud(io, async (cloud) => {
    const { auditHead } = await cloud.ask("AuditHead", {});
    return await follow(oldestFirst(cloud, Math.max(auditHead.sequence, expected?.sequence ?? 0)), [
      expected,
      auditHead,
    ]);
  });
}

/** Follows a chain to its end, and compares each head that it must pass. */
async function follow(log: AsyncIterable<AuditEntry>, heads: readonly (AuditHead | null)[]): Promise<Verified> {
  const chain = new AuditChain();
  let problem: string | null = null;
  const wanted = heads.filter((head) => head !== null);
  for await (const entry of log) {
    problem = await chain.add(entry);
    for (const head of wanted) if (head.sequence === entry.sequence) problem ??= chain.endsAt(head);
    if (problem !== null) break;
  }
  for (const head of wanted) problem ??= chain.endsAt(head);
  return { entries: chain.head.sequence, head: chain.head, problem };
}

async function* linesOf(path: string): AsyncGenerator<AuditEntry> {
  let number = 0;
  try {
    for await (const text of createInterface({ input: createReadStream(path, "utf8") })) {
      number += 1;
      yield JSON.parse(text) as AuditEntry;
    }
  } catch (error) {
    const where = number === 0 ? "" : `, line ${number}`;
    throw new CliError(EXIT.usage, "INVALID", `${path}${where} cannot be read: ${(error as Error).message}`, error);
  }
}

/** A head as it is printed below. @throws CliError */
function headOf(text: string): AuditHead {
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (number !== undefined && hash !== undefined) return { sequence: Number(number), hash };
  const message = `--expect is ${JSON.stringify(text)}; it takes NUMBER:HASH, as \`weir audit verify\` prints it.`;
  throw new CliError(EXIT.usage, "INVALID", message);
}

function lines(io: Io, { entries, head, problem }: Verified): string[] {
  if (problem !== null)
    return [io.paint.red(`✗ ${cleanLine(problem)}`), io.paint.dim(`  Up to there, ${entries} entries are whole.`)];
  return [
    `${io.paint.green("✓")} ${entries} entries: none was changed, removed or moved.`,
    `  head ${head.sequence}:${head.hash}`,
  ];
}
