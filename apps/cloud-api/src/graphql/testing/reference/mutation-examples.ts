import type { Example } from "./example.ts";

const RUN = "flowRun { id state }";
const id = (word: string) => ({ id: `${word}_ID` });

/** What a flow's package registers; `weir register` makes it of the flow's file. */
const REGISTRATION = {
  name: "invoices",
  labels: [],
  tasks: [{ name: "load", tags: ["database"], retries: 2 }],
  storage: { kind: "local", directory: "/flows", entry: "invoices.ts", codeDigest: "a".repeat(64), files: [] },
  sdkVersion: "0.1.0",
};

export const MUTATION_EXAMPLES: Readonly<Record<string, Example>> = {
  approveTaskRun: {
    variables: { input: { flowRunId: "FLOW_RUN_ID", number: 1, message: "Checked with accounting." } },
    select: RUN,
  },
  archiveFlowVersion: { variables: id("FLOW_VERSION"), select: "flowVersion { number archivedAt }" },
  cancelFlowRun: { variables: id("FLOW_RUN"), select: RUN },
  cancelFlowRuns: {
    variables: { input: { ids: ["FLOW_RUN_ID"], expectedCount: 1 } },
    select: "changed left refused { code count }",
  },
  changeMemberRole: { variables: { input: { ...id("MEMBER"), role: "operator" } }, select: "member { email role }" },
  changeRole: {
    variables: { input: { ...id("ROLE"), permissions: ["run:read", "log:read"] } },
    select: "role { name permissions }",
  },
  createApiKey: {
    variables: {
      input: {
        name: "deploy",
        scope: "user",
        role: "developer",
        expiresInDays: 90,
        allowedAddresses: ["127.0.0.1", "10.0.0.0/8"],
      },
    },
    select: "apiKey { id expiresAt } key",
  },
  createFlowRun: {
    variables: {
      input: {
        project: "default",
        flow: "orders",
        parameters: { day: "2026-01-31" },
        idempotencyKey: "orders-2026-01-31",
      },
    },
    select: "created flowRun { id name state }",
  },
  createProject: { variables: { input: { name: "reports" } }, select: "project { id name }" },
  createRole: {
    variables: { input: { name: "auditor", permissions: ["run:read", "audit:read"] } },
    select: "role { id name permissions }",
  },
  createServiceAccount: { variables: { input: { name: "ci" } }, select: "serviceAccount { id name }" },
  deleteFlow: { variables: id("FLOW"), select: "name runs done" },
  deleteKv: { variables: { input: { key: "orders/old", expectedVersion: 1 } }, select: "key" },
  deleteProject: { variables: { name: "empty" }, select: "name" },
  deleteRole: { variables: id("ROLE"), select: "role { name }" },
  deleteRunLimit: { variables: { label: "old" }, select: "label" },
  deleteServiceAccount: { variables: id("SERVICE_ACCOUNT"), select: "name revokedKeys" },
  deleteTaskLimit: { variables: { tag: "old" }, select: "tag" },
  eraseHoldings: {
    variables: { input: { tenantName: "acme", before: "2026-01-31T00:00:00.000Z" } },
    select: "done runs flows",
  },
  inviteMember: {
    variables: { input: { email: "ada@example.org", role: "developer" } },
    select: "invitation { id expiresAt } path",
  },
  moveFlow: { variables: { input: { ...id("FLOW"), project: "staging" } }, select: "flow { name project { name } }" },
  pauseAgent: {
    variables: { input: { name: "agent-1", reason: "The machine is replaced." } },
    select: "agent { name pause { reason } }",
  },
  pauseFlowRun: { variables: id("FLOW_RUN"), select: RUN },
  pauseQueue: { variables: { input: { reason: "The warehouse is down." } }, select: "queue { due pause { reason } }" },
  registerFlow: {
    variables: { input: { project: "default", registration: REGISTRATION } },
    select: "created flowVersion { id number flow { id } }",
  },
  removeIdentityProvider: { select: "removed" },
  removeMember: { variables: id("MEMBER"), select: "id" },
  renameFlowRun: { variables: { input: { ...id("FLOW_RUN"), name: "january again" } }, select: "flowRun { id name }" },
  renameProject: { variables: { input: { project: "trial", name: "sales" } }, select: "project { id name }" },
  restartFlowRun: { variables: id("FLOW_RUN"), select: "flowRun { id state attempt }" },
  restartFlowRuns: {
    variables: { input: { ids: ["FLOW_RUN_ID"], expectedCount: 1 } },
    select: "changed left refused { code count }",
  },
  resumeAgent: { variables: { name: "agent-1" }, select: "agent { name pause { reason } }" },
  resumeFlowRun: { variables: id("FLOW_RUN"), select: RUN },
  resumeQueue: { select: "queue { due pause { reason } }" },
  revokeApiKey: { variables: id("API_KEY"), select: "apiKey { name revokedAt }" },
  revokeInvitation: { variables: id("INVITATION"), select: "invitation { email revokedAt }" },
  rotateApiKey: { variables: { ...id("API_KEY"), overlapMinutes: 1_440 }, select: "apiKey { id name } key" },
  setFlowRunLabels: {
    variables: { input: { ...id("FLOW_RUN"), labels: ["linux"] } },
    select: "flowRun { id labels }",
  },
  setFlowRunState: {
    variables: { input: { ...id("FLOW_RUN"), state: "Failed", reason: "The source is gone." } },
    select: RUN,
  },
  setFlowSettings: {
    variables: {
      input: { project: "default", flow: "orders", description: "Loads the day's orders.", maxRecoveries: 3 },
    },
    select: "flow { name description }",
  },
  setIdentityProvider: {
    variables: {
      input: {
        issuer: "https://login.example.org",
        clientId: "weir",
        clientSecret: "what the provider gave",
        emailDomains: ["example.org"],
        role: "viewer",
      },
    },
    select: "identityProvider { issuer role }",
  },
  setKv: { variables: { input: { key: "orders/cursor", value: { day: "2026-01-31" } } }, select: "key version" },
  setRunLimit: { variables: { input: { label: "warehouse", slots: 2 } }, select: "runLimit { label slots held }" },
  setScheduleActive: { variables: { ...id("SCHEDULE"), active: false }, select: "schedule { name active }" },
  setTaskLimit: { variables: { input: { tag: "database", slots: 5 } }, select: "taskLimit { tag slots held }" },
  unarchiveFlowVersion: { variables: id("FLOW_VERSION"), select: "flowVersion { number archivedAt }" },
};
