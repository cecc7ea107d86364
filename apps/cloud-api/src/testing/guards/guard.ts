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

/** Tests of which at least one must fail without a guard of a kind, the quick ones first. */
export const TESTS: Readonly<Record<GuardKind, readonly string[]>> = {
  policy: [
    "apps/cloud-api/src/database/row-level-security.test.ts",
    "apps/cloud-api/src/people/accounts-isolation.test.ts",
  ],
  permission: ["apps/cloud-api/src/rights/"],
  route: ["apps/cloud-api/src/run-door/routes.test.ts", "apps/cloud-api/src/graphql/server.test.ts"],
  scope: [
    "apps/cloud-api/src/graphql/foreign-ids.test.ts",
    "apps/cloud-api/src/graphql/foreign-names.test.ts",
    "apps/cloud-api/src/graphql/foreign-rows.test.ts",
    "apps/cloud-api/src/graphql/tenant-isolation.test.ts",
  ],
};
