import type { Example } from "./example.ts";
import { MUTATION_EXAMPLES } from "./mutation-examples.ts";

const RUN = "id name state";
const PAGE = "pageInfo { endCursor hasNextPage }";

const QUERY_EXAMPLES: Readonly<Record<string, Example>> = {
  agents: {
    variables: { first: 20 },
    select: `nodes { name online lastSeenAt runs capacity pause { reason } } ${PAGE}`,
  },
  apiKeys: { variables: { first: 20 }, select: `nodes { id name scope role expiresAt lastUsedAt revokedAt } ${PAGE}` },
  artifacts: {
    variables: { flow: "orders", kind: "markdown", first: 5 },
    select: `nodes { name kind at data flowRunId } ${PAGE}`,
  },
  auditHead: { select: "sequence hash" },
  auditLog: {
    variables: { filter: { action: "createApiKey", outcome: ["done", "denied"] }, first: 20 },
    select: `nodes { sequence at actorKind actorId action targetId outcome code } ${PAGE}`,
  },
  flow: {
    variables: { project: "default", name: "orders" },
    select: "id currentVersion { number createdAt } schedules { id name active next }",
  },
  flowById: { variables: { id: "FLOW_ID" }, select: "name project { name } description" },
  flowRun: {
    variables: { id: "FLOW_RUN_ID" },
    select: `${RUN} waiting { sentence } taskRuns(first: 50) { nodes { number name state } }`,
  },
  flowRunCount: { variables: { filter: { project: "default", state: ["Failed"] } }, select: "count isMore" },
  flowRunHistory: {
    variables: { filter: { flow: "orders" }, buckets: 24 },
    select: "buckets { from states { state runs } } isMore",
  },
  flowRuns: {
    variables: { filter: { flow: "orders", state: ["Scheduled", "Running"] }, first: 20 },
    select: `nodes { ${RUN} flow { name } scheduledStartTime } ${PAGE}`,
  },
  flows: {
    variables: { project: "default", first: 20 },
    select: `nodes { id name currentVersion { number } } ${PAGE}`,
  },
  holdings: { select: "table column dataClass values sealed pseudonyms plain isMore sample" },
  identityProvider: { select: "issuer clientId emailDomains role changedAt" },
  invitations: { variables: { first: 20 }, select: `nodes { id email role expiresAt acceptedAt } ${PAGE}` },
  kv: { variables: { key: "orders/cursor" }, select: "value version updatedAt updatedBy" },
  kvEntries: { variables: { prefix: "orders/", first: 20 }, select: `nodes { key version updatedAt } ${PAGE}` },
  members: { variables: { first: 20 }, select: `nodes { id email name role } ${PAGE}` },
  projects: { variables: { first: 20 }, select: `nodes { id name createdAt } ${PAGE}` },
  queue: { select: "due pause { reason }" },
  roles: { select: "id name permissions" },
  runLimits: {
    variables: { first: 20 },
    select: `nodes { label slots held waiting holders { flowRunId flowRunName agent } } ${PAGE}`,
  },
  serviceAccounts: { variables: { first: 20 }, select: `nodes { id name createdAt } ${PAGE}` },
  taskLimits: { variables: { first: 20 }, select: `nodes { tag slots held waiting } ${PAGE}` },
  viewer: { select: "scope tenant { id name } permissions" },
};

const SUBSCRIPTION_EXAMPLES: Readonly<Record<string, Example>> = {
  flowRunUpdates: {
    variables: { id: "FLOW_RUN_ID" },
    select: "after flowRun { state } taskRuns { number state } logs { level text }",
  },
};

/** By the name of the root field. */
export const EXAMPLES: Readonly<Record<string, Example>> = {
  ...QUERY_EXAMPLES,
  ...MUTATION_EXAMPLES,
  ...SUBSCRIPTION_EXAMPLES,
};
