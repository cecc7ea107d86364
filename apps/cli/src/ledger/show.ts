import { setTimeout as sleep } from "node:timers/promises";
import { type LedgerEntry, type LedgerFilter, readLedger } from "@weir/gate";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { entryLines } from "./entry-lines.ts";
import { directoryOf, filterOf, type LedgerOptions, withLedger } from "./options.ts";

const LOOK_MS = 500;

/** `weir ledger show` */
export async function show(
  io: Io,
  _args: readonly string[],
  options: LedgerOptions & { follow?: boolean },
): Promise<ExitCode> {
  const directory = directoryOf(io, options.directory);
  const filter = filterOf(options, Date.now());
  const print = (entry: LedgerEntry): void => {
    for (const text of entryLines(io, entry)) line(io, text);
  };
  return await withLedger(async () => {
    if (options.follow === true && options.json !== true) return await follow(io, directory, filter, print);
    const entries: LedgerEntry[] = [];
    for await (const entry of readLedger(directory, filter)) {
      if (options.json) entries.push(entry);
      else print(entry);
    }
    if (options.json) printDocument(io, { entries });
    return EXIT.ok;
  });
}

/** Reads again what is new, from the number on that was shown last. */
async function follow(io: Io, directory: string, filter: LedgerFilter, print: (entry: LedgerEntry) => void) {
  let after = 0;
  while (!io.interrupted.aborted) {
    for await (const entry of readLedger(directory, { ...filter, after })) {
      after = entry.number;
      print(entry);
    }
    await sleep(LOOK_MS, undefined, { signal: io.interrupted }).catch(() => {});
  }
  return EXIT.interrupted;
}
