/** One guard between tenants, or between people and what they may not do, and how it is taken out. */
export interface Guard {
  /** @example "policy of the table projects" */
  readonly name: string;
  readonly kind: GuardKind;
  /** From the repository's root. */
  readonly file: string;
  /** Where in the file it stands, and how. */
  readonly at: number;
  readonly text: string;
  /** What stands there without it. */
  readonly replace: string;
}

export type GuardKind = "policy" | "permission" | "route" | "scope";

/** Some tests. */
export interface GuardTests {
  readonly files: readonly string[];
  /** Of these files, the tests whose title this finds; absent: all. */
  readonly titles?: string;
}
