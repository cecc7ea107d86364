import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type LedgerFilter, type LedgerHead, LedgerReadError } from "@weir/gate";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { checkedId } from "../runs/checked-id.ts";

/** Options that the commands share. */
export interface LedgerOptions {
  readonly directory?: string;
  readonly run?: string;
  readonly since?: string;
  readonly json?: boolean;
}

/** Directory of the agent: as typed, as the agent's own variable says, or where `weir agent start` puts it. */
export function directoryOf(io: Io, typed: string | undefined): string {
  return resolve(io.cwd, typed ?? (io.env.WEIR_AGENT_DIRECTORY || join(".weir", "agent")));
}

/** What is wanted of the ledger. @throws CliError */
export function filterOf({ run, since }: LedgerOptions, now: number): LedgerFilter {
  return {
    ...(run === undefined ? {} : { run: checkedId(run) }),
    ...(since === undefined ? {} : { since: momentOf(since, now) }),
  };
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A moment: as a date, or as how long ago. @throws CliError */
export function momentOf(text: string, now: number): number {
  const [, count, unit] = /^(\d{1,9})([smhd])$/.exec(text.trim()) ?? [];
  if (count !== undefined && unit !== undefined) return now - Number(count) * (UNITS[unit] ?? 0);
  const moment = Date.parse(text);
  if (!Number.isNaN(moment)) return moment;
  const message = `--since is ${JSON.stringify(text)}; it takes a time such as 2026-01-31T09:00Z, or how long ago: 30m, 12h, 7d.`;
  throw new CliError(EXIT.usage, "INVALID", message);
}

/** A head as `weir ledger verify` prints it. @throws CliError */
export function headOf(text: string): LedgerHead {
  const [, number, hash] = /^(\d{1,15}):([0-9a-f]{64})$/.exec(text.trim()) ?? [];
  if (number !== undefined && hash !== undefined) return { number: Number(number), hash };
  const message = `--expect is ${JSON.stringify(text)}; it takes NUMBER:HASH, as \`weir ledger verify\` prints it.`;
  throw new CliError(EXIT.usage, "INVALID", message);
}

/** The key under which the agent writes the head; undefined where it is not to be had. */
export function hmacKeyOf(io: Io, directory: string): Uint8Array | undefined {
  const named = io.env.WEIR_AGENT_HMAC_KEY_FILE;
  try {
    const key = readFileSync(named ? resolve(io.cwd, named) : join(directory, "hmac-key"), "utf8");
    return Buffer.from(key.trim(), "base64url");
  } catch {
    return undefined;
  }
}

/** Runs the reading of a ledger; that there is none is a person's mistake. */
export async function withLedger<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LedgerReadError) throw new CliError(EXIT.notFound, "NO_LEDGER", error.message, error);
    throw error;
  }
}
