/** One guard between tenants, or between people and what they may not do, and how it is taken out. */
export interface Guard {
  /** @example "policy of the table projects" */
  readonly name: string;
  readonly kind: GuardKind;
  /** From the repository's root. */
  readonly file: string;
  /** Where in the file's text, and how many characters, are replaced. */
  readonly at: number;
  readonly length: number;
  readonly replace: string;
}

export type GuardKind = "policy" | "permission" | "route" | "scope";

/** Tests of which at least one must fail without a guard of a kind. */
export interface GuardTests {
  readonly files: readonly string[];
  /** Of these files, the tests whose title this finds; absent: all. */
  readonly titles?: string;
}

const TESTS_OF_SCOPES = ["foreign-ids", "foreign-names", "foreign-rows"];

export const TESTS: Readonly<Record<GuardKind, GuardTests>> = {
  policy: {
    files: [
      "apps/cloud-api/src/database/row-level-security.test.ts",
      "apps/cloud-api/src/people/accounts-isolation.test.ts",
    ],
  },
  permission: { files: ["apps/cloud-api/src/rights/"] },
  route: { files: ["apps/cloud-api/src/run-door/routes.test.ts", "apps/cloud-api/src/graphql/server.test.ts"] },
  // With the policies in place, rows are kept apart all the same.
  scope: {
    files: TESTS_OF_SCOPES.map((name) => `apps/cloud-api/src/graphql/${name}.test.ts`),
    titles: "code alone|carry another tenant",
  },
};
