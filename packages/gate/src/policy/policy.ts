import {
  type BoundaryAction,
  type BoundaryClasses,
  type DataClass,
  DEFAULT_ACTIONS,
  type LogLevel,
  stricter,
} from "@weir/protocol";

/** A public key in JWK form, with the name under which the policy file lists it. */
export interface NamedKey {
  readonly name: string;
  readonly jwk: Readonly<Record<string, unknown>>;
}

/** Where a piece of data comes from; overrides of the policy file go by it. Absent: not known, or of the whole. */
export interface Origin {
  readonly project?: string;
  readonly flow?: string;
  readonly task?: string;
}

/** What one place of a policy file says: its `classes`, or one of its overrides. */
export interface PolicyEntry {
  /** `classes`, `overrides[2].classes`. */
  readonly path: string;
  /** Patterns of the names that it is for. Absent: all. */
  readonly project?: string;
  readonly flow?: string;
  readonly task?: string;
  readonly classes: BoundaryClasses;
  /** Line of the file on which each of them stands. */
  readonly lines: { readonly [C in DataClass]?: number };
}

/** What the user has decided about everything that could leave: `weir.boundary.yaml`, read. */
export interface Policy {
  /** Path of the file; null: there is none, and the defaults hold. */
  readonly source: string | null;
  /**
   * What the file says about a class of data, the strictest of all its entries that fit. With a task that is not known, every entry for a
   * task of the flow fits.
   */
  actionFor(dataClass: DataClass, origin: Origin): BoundaryAction;
  /** Whether it matters which task of a flow something is of. */
  readonly knowsTasks: boolean;
  /** Who can open what is sealed, beside the agents. */
  readonly recipients: readonly NamedKey[];
  /** Whose signatures on work are taken. Empty: none is asked for. */
  readonly trustedSigners: readonly NamedKey[];
  /** Key ids (`kid`) whose signatures are taken no more. */
  readonly revokedSigners: readonly string[];
  readonly redaction: {
    readonly patterns: readonly { readonly name: string; readonly pattern: string }[];
    /** Whether values of secret-looking environment variables are struck out, and what looks like a token. */
    readonly environment: boolean;
    readonly tokens: boolean;
  };
  readonly logs: {
    /** Lines below it are not sent; null sends all. */
    readonly level: LogLevel | null;
    /** Absolute path of a module with `filter` and `format`; null: none. */
    readonly module: string | null;
  };
  /** Directories below which a flow's code may lie; null: anywhere. Absolute. */
  readonly codeDirectories: readonly string[] | null;
  /** Directory that keeps which pseudonym stands for which location; null: the agent's own. Absolute. */
  readonly dictionary: string | null;
  /** What stands where in the file; absent: there is none. `reasonFor` reads it. */
  readonly entries?: readonly PolicyEntry[];
  /** Line of a place of the file, by the keys on the way to it; null: it is not there. */
  lineOf?(path: readonly (string | number)[]): number | null;
}

/** What holds where there is no policy file. */
export const DEFAULT_POLICY: Policy = {
  source: null,
  actionFor: (dataClass) => DEFAULT_ACTIONS[dataClass],
  knowsTasks: false,
  recipients: [],
  trustedSigners: [],
  revokedSigners: [],
  redaction: { patterns: [], environment: true, tokens: true },
  logs: { level: null, module: null },
  codeDirectories: null,
  dictionary: null,
};

/** The strictest of the policy file and of what flow, starter or cloud asked beyond it. Nobody can make it milder. */
export function decide(
  policy: Policy,
  dataClass: DataClass,
  origin: Origin,
  requests: readonly (BoundaryClasses | undefined)[],
): BoundaryAction {
  let action = policy.actionFor(dataClass, origin);
  for (const request of requests) action = stricter(action, request?.[dataClass] ?? action);
  return action;
}
