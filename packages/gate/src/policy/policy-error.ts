/** One thing that is wrong with a policy file, and where. Lines and columns begin with 1. */
export interface PolicyProblem {
  readonly line: number;
  readonly column: number;
  /** A sentence: what is wrong, and what is allowed. Holds no key and no secret. */
  readonly message: string;
}

/** A policy file that cannot be used as it stands. The message holds all that is wrong, a line for each, `path:line:column: …`. */
export class PolicyError extends Error {
  override readonly name = "PolicyError";
  readonly path: string;
  /** Empty: the file as a whole cannot be used, and the message says why. */
  readonly problems: readonly PolicyProblem[];

  constructor(path: string, problems: readonly PolicyProblem[] | string) {
    super(typeof problems === "string" ? problems : problems.map((one) => lineOf(path, one)).join("\n"));
    this.path = path;
    this.problems = typeof problems === "string" ? [] : problems;
  }
}

function lineOf(path: string, { line, column, message }: PolicyProblem): string {
  return `${path}:${line}:${column}: ${message}`;
}

/** A message that ends as a sentence does. */
export function ended(message: string): string {
  return /[.?!]$/.test(message) ? message : `${message}.`;
}
