import { statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { changesBetween, type Fingerprint, fingerprints, type Trust, type TrustChange } from "@weir/protocol/seal";
import { CliError } from "../cli-error.ts";
import { EXIT } from "../exit-codes.ts";
import { type Io, line } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { pad } from "../terminal/width.ts";
import { readTrustFile } from "./stored-trust.ts";

/**
 * Writes a trust file. One that names other keys is replaced only when that is asked for: whoever swaps a key reads what is sealed from
 * then on.
 * @throws CliError with the differences, fingerprint by fingerprint
 */
export async function writeTrust(
  io: Io,
  file: string,
  trust: Trust,
  replace: boolean,
): Promise<readonly TrustChange[]> {
  const isThere = statSync(file, { throwIfNoEntry: false }) !== undefined;
  const changes = isThere
    ? changesBetween(await fingerprints(await readTrustFile(file)), await fingerprints(trust))
    : [];
  if (changes.length > 0 && !replace) throw otherKeys(file, changes);
  for (const change of changes) io.err(`${io.paint.yellow(changeLine(change))}\n`);
  // Whole or not at all: half a file would keep every run from starting.
  const temporary = `${file}.${process.pid}.new`;
  try {
    await writeFile(temporary, `${JSON.stringify(trust, null, 2)}\n`, { mode: 0o644, flag: "wx" });
    await rename(temporary, file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new CliError(EXIT.usage, "TRUST_FILE", `${file} cannot be written (${code ?? "unknown reason"}).`, error);
  }
  return changes;
}

function otherKeys(file: string, changes: readonly TrustChange[]): CliError {
  const list = changes.map((change) => `  ${changeLine(change)}`).join("\n");
  return new CliError(
    EXIT.conflict,
    "TRUST_CHANGED",
    `${file} names other keys, so it was left as it is:\n${list}\nAsk whoever changed them for the fingerprints, on a way that is not the cloud. When they are the same, add --replace.`,
  );
}

const changeLine = ({ change, key: { role, name, kid } }: TrustChange): string =>
  `${change === "added" ? "+" : "-"} ${role} ${cleanLine(name)} ${kid}`;

/** A line for each key: what people read to each other on the telephone. */
export function tellKeys(io: Io, keys: readonly Fingerprint[]): void {
  for (const { role, name, kid } of keys) line(io, `${pad(role, 7)} ${pad(cleanLine(name), 20)} ${kid}`);
}
