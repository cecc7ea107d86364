import { join } from "node:path";
import type { Io } from "../io.ts";
import { directoryOf } from "../ledger/options.ts";

/** Where an agent keeps the texts of withheld errors. */
export function errorsDirectory(io: Io, typed: string | undefined): string {
  return join(directoryOf(io, typed), "errors");
}
