/** Guards behind another one that no test can open, so that nothing fails without them. By the name of the guard, with the reason. */
export const SECOND_LOCKS: readonly { readonly guards: RegExp; readonly reason: string }[] = [
  {
    guards: /^api-keys\/told-name\.ts /,
    reason: "the key's id is of the credential that asks, as the tenant is",
  },
  {
    guards: /^artifacts\/artifact\.sql\.ts tenant_id = \$1$/,
    reason: "names alone are found; the rows of each are looked up by tenant again",
  },
  {
    guards: /^api-keys\/rotate-api-key\.ts tenant_id = \$1 \(2\)$/,
    reason: "the statement writes nothing unless it found the key by its tenant",
  },
  {
    guards:
      /^(flow-runs\/claim-flow-runs\.sql\.ts f\.|flow-runs\/earlier\/earlier-runs\.sql\.ts o\.|flow-runs\/waiting\/waiting\.sql\.ts \([ts]\.)tenant_id/,
    reason: "what belongs to a run that the statement found by its tenant",
  },
  {
    guards: /^flow-runs\/waiting\/waiting\.sql\.ts tenant_id = \$1::uuid$/,
    reason: "counted for each agent, and the agents are found by their tenant",
  },
  {
    guards: /^flows\/register-flow\.sql\.ts tenant_id = (\$2|\$1 \(5\))$/,
    reason: "of a flow that the same transaction found by its tenant",
  },
  {
    guards: /^tenant-holdings\/erase\/erase-holdings\.sql\.ts [rs]\.tenant_id = \$1 \(2\)$/,
    reason: "of a flow that the statement found by its tenant",
  },
  {
    guards: /^(logs\/log|task-runs\/task-run)\.sql\.ts tr\.tenant_id = \$1$/,
    reason: "task runs of what the statement found by its tenant",
  },
  {
    guards:
      /^(kv\/kv\.sql\.ts tenant_id = \$1 \(4\)|run-limits\/set-run-limit\.ts tenant_id = \$1|task-limits\/set-task-limit\.ts tenant_id = \$1)$/,
    reason:
      "a tenant that has as many as it may could add a name that another has; nothing of the other is told or changed",
  },
  {
    guards: /^kv\/kv\.sql\.ts tenant_id = \$1\)$/,
    reason: "counts to the most that a tenant may have; nothing of another is told or changed",
  },
  {
    guards: /^kv\/kv\.sql\.ts tenant_id = \$1 \([67]\)$/,
    reason: "the run's id is of the token that asks, as the tenant is",
  },
  {
    guards: /^flow-runs\/claim-flow-runs\.sql\.ts tenant_id = \$1::uuid \(3\)$/,
    reason: "the agent's id is of the session that asks, as the tenant is",
  },
  {
    guards: /^people\/identity-provider\.graphql\.ts where: \{ tenantId \} \(2\)$/,
    reason: "the tenant is the row's key, and Prisma refuses a look-up by none",
  },
  {
    guards: /^task-runs\/task-ids\.ts tenant_id = \$1$/,
    reason: "of a flow whose run was found by its tenant",
  },
  {
    guards: /^tenant-holdings\/erase\/erase-holdings\.sql\.ts tenant_id = \$1 \(2\)$/,
    reason: "of rows that the statement found by their tenant",
  },
  {
    guards: /^rights\/still-holds\.ts s\.tenant_id = \$1$/,
    reason: "the session's id is of the credential that asks, as the tenant is",
  },
];

/** Why it is no finding that no test notices a guard's absence; null: it is one. */
export function secondLock(guard: string): string | null {
  return SECOND_LOCKS.find(({ guards }) => guards.test(guard))?.reason ?? null;
}
