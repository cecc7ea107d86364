import type { LogFilter } from "./logs/log-filter.ts";
import type { Policy } from "./policy/policy.ts";
import type { InsideKey } from "./sealing/recipients.ts";
import type { Signer } from "./signing/signer.ts";

export interface GateOptions {
  /** The ledger's file, made with mode 0600; null keeps none (a tool that only asks, a test). One process per file. */
  readonly ledgerFile: string | null;
  /** Key of the user's side for digests, pseudonyms and error ids, at least 32 bytes. Never leaves; another key gives others. */
  readonly hmacKey: Uint8Array;
  /** Environment whose secret-looking values are struck out. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** What the user has decided; absent: the defaults. */
  readonly policy?: Policy;
  /**
   * Keys that all agents share, the newest first: everything is sealed for the newest too, and opened with any whose private half is here.
   * Absent or empty: nothing can be sealed. What should be is dropped from reports, visibly, and refused elsewhere.
   */
  readonly insideKeys?: readonly InsideKey[];
  /** Where the texts of errors go of which only an id leaves; absent: there is no place, and they are dropped. One process per directory. */
  readonly errorsDirectory?: string | undefined;
  /** Where it is kept which pseudonym stands for what, unless the policy names a place. Absent: pseudonyms cannot be made. */
  readonly dictionaryDirectory?: string | undefined;
  /** False: no log line leaves, whatever the policy says. */
  readonly sendLogs?: boolean;
  /** The user's own functions for log lines: `await loadLogFilter(policy.logs.module)`. */
  readonly logFilter?: LogFilter | null;
  /** Signs flows that are registered and runs that are started; absent: nothing is signed here. */
  readonly signer?: Signer | undefined;
  /** Milliseconds since 1970, for the ledger. */
  readonly now?: () => number;
}
