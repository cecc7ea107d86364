import type { GraphqlOperation } from "@weir/protocol";
import { CONTROL_DOCUMENTS } from "./control-documents.ts";
import { FLOW_DOCUMENTS } from "./flow-documents.ts";

const RUN_HEAD = `id name state stateVersion message failure attempt recoveries createdAt scheduledStartTime startedAt endedAt
  flow { name project { name } } flowVersion { number } agent { name }`;
const STATES = `states { version attempt state at message failure }`;
const TASK_RUN = `number task name ordinal mapIndex parent state tryNumber attempt startedAt endedAt startTime location resultBytes
  mapCount message failure approvedAt`;
const LOG = `attempt number at level text logger taskRunNumber`;
const SEAL_KEYS = `sealKeys { id key }`;
const AUDIT_ENTRY = `sequence at actorKind actorId actorName keyId sessionId address action targetKind targetId asked outcome code request
  before after previousHash hash`;
const PAGE = `pageInfo { hasNextPage endCursor }`;
const REFUSAL = `... on Refusal { code message }`;

/** What the command line asks of GraphQL. No document holds a value: those are variables, which the gate classifies. */
export const DOCUMENTS = {
  ...FLOW_DOCUMENTS,
  ...CONTROL_DOCUMENTS,
  Viewer: `query Viewer { viewer { scope tenant { name } } }`,
  AuditHead: `query AuditHead { auditHead { sequence hash } }`,
  AuditLog: `query AuditLog($filter: AuditFilter, $first: Int, $after: String) {
    auditLog(filter: $filter, first: $first, after: $after) { ${PAGE} edges { node { ${AUDIT_ENTRY} } } } }`,
  AuditLogFromStart: `query AuditLogFromStart($last: Int!, $before: String) {
    auditLog(last: $last, before: $before) { pageInfo { startCursor } edges { node { ${AUDIT_ENTRY} } } } }`,
  CreateProject: `mutation CreateProject($input: CreateProjectInput!) { result: createProject(input: $input) {
    __typename ... on CreateProjectPayload { project { id name } } ${REFUSAL} } }`,
  RegisterFlow: `mutation RegisterFlow($input: RegisterFlowInput!) { result: registerFlow(input: $input) {
    __typename ... on RegisterFlowPayload { created flowVersion { id number flow { id name } } } ${REFUSAL} } }`,
  CreateFlowRun: `mutation CreateFlowRun($input: CreateFlowRunInput!) { result: createFlowRun(input: $input) {
    __typename ... on CreateFlowRunPayload { created flowRun { id name state } } ${REFUSAL} } }`,
  CancelFlowRun: `mutation CancelFlowRun($id: ID!) { result: cancelFlowRun(id: $id) {
    __typename ... on CancelFlowRunPayload { flowRun { id name state attempt } } ${REFUSAL} } }`,
  RestartFlowRun: `mutation RestartFlowRun($id: ID!) { result: restartFlowRun(id: $id) {
    __typename ... on RestartFlowRunPayload { flowRun { id name state attempt } } ${REFUSAL} } }`,
  PauseFlowRun: `mutation PauseFlowRun($id: ID!) { result: pauseFlowRun(id: $id) {
    __typename ... on PauseFlowRunPayload { flowRun { id name state attempt } } ${REFUSAL} } }`,
  ResumeFlowRun: `mutation ResumeFlowRun($id: ID!) { result: resumeFlowRun(id: $id) {
    __typename ... on ResumeFlowRunPayload { flowRun { id name state attempt } } ${REFUSAL} } }`,
  ApproveTaskRun: `mutation ApproveTaskRun($input: ApproveTaskRunInput!) { result: approveTaskRun(input: $input) {
    __typename ... on ApproveTaskRunPayload { flowRun { id name state attempt pauseAsked } } ${REFUSAL} } }`,
  FlowRun: `query FlowRun($id: ID!) { flowRun(id: $id) { ${RUN_HEAD} ${STATES} parameters labels idempotencyKey pauseAsked isForgotten ${SEAL_KEYS}
    waiting { reason sentence command }
    artifacts { name kind data at taskRunNumber } } }`,
  FlowRunHoldings: `query FlowRunHoldings($id: ID!) { flowRun(id: $id) { holdings { table rows sample } } }`,
  FlowRunTaskRuns: `query FlowRunTaskRuns($id: ID!, $first: Int, $after: String) { flowRun(id: $id) { ${SEAL_KEYS}
    taskRuns(first: $first, after: $after) { ${PAGE} edges { node { ${TASK_RUN} } } } } }`,
  FlowRunLogs: `query FlowRunLogs($id: ID!, $first: Int, $after: String) { flowRun(id: $id) { isForgotten ${SEAL_KEYS}
    logs(first: $first, after: $after) { ${PAGE} edges { node { ${LOG} } } } } }`,
  FlowRunUpdates: `subscription FlowRunUpdates($id: ID!, $after: String) { flowRunUpdates(id: $id, after: $after) {
    after flowRun { ${RUN_HEAD} ${STATES} ${SEAL_KEYS} } taskRuns { ${TASK_RUN} } logs { ${LOG} } } }`,
  FlowRuns: `query FlowRuns($filter: FlowRunFilter, $first: Int, $after: String) {
    flowRuns(filter: $filter, first: $first, after: $after) { ${PAGE} edges { node { ${RUN_HEAD} ${SEAL_KEYS} } } } }`,
  Flow: `query Flow($project: String!, $name: String!) { flow(project: $project, name: $name) { name project { name }
    currentVersion { number description labels tasks parameterSchema parameterDefaults boundary runConfig storage sdkVersion contentDigest } } }`,
  Agents: `query Agents($first: Int, $after: String) { agents(first: $first, after: $after) {
    ${PAGE} edges { node { id name labels online pause { at by reason } } } } }`,
  CreateApiKey: `mutation CreateApiKey($input: CreateApiKeyInput!) { result: createApiKey(input: $input) {
    __typename ... on CreateApiKeyPayload { key apiKey { id name scope createdAt expiresAt } } ${REFUSAL} } }`,
  ApiKeys: `query ApiKeys($first: Int, $after: String) { apiKeys(first: $first, after: $after) {
    ${PAGE} edges { node { id name scope createdAt expiresAt lastUsedAt lastUsedFrom revokedAt role permissions allowedAddresses
      serviceAccount { name } replacedBy } } } }`,
  RotateApiKey: `mutation RotateApiKey($id: ID!, $overlapMinutes: Int) { result: rotateApiKey(id: $id, overlapMinutes: $overlapMinutes) {
    __typename ... on RotateApiKeyPayload { key apiKey { id name scope createdAt expiresAt } } ${REFUSAL} } }`,
  ServiceAccounts: `query ServiceAccounts($first: Int, $after: String) { serviceAccounts(first: $first, after: $after) {
    ${PAGE} edges { node { id name } } } }`,
  CreateServiceAccount: `mutation CreateServiceAccount($input: CreateServiceAccountInput!) { result: createServiceAccount(input: $input) {
    __typename ... on CreateServiceAccountPayload { serviceAccount { id } } ${REFUSAL} } }`,
  RevokeApiKey: `mutation RevokeApiKey($id: ID!) { result: revokeApiKey(id: $id) {
    __typename ... on RevokeApiKeyPayload { apiKey { id name scope revokedAt } } ${REFUSAL} } }`,
  TaskLimits: `query TaskLimits($first: Int, $after: String) { taskLimits(first: $first, after: $after) {
    ${PAGE} edges { node { tag slots held waiting taskSlots { flowRunId flowRunName taskRunNumber task askedAt grantedAt } } } } }`,
  SetTaskLimit: `mutation SetTaskLimit($input: SetTaskLimitInput!) { result: setTaskLimit(input: $input) {
    __typename ... on SetTaskLimitPayload { taskLimit { tag slots held waiting } } ${REFUSAL} } }`,
  DeleteTaskLimit: `mutation DeleteTaskLimit($tag: String!) { result: deleteTaskLimit(tag: $tag) {
    __typename ... on DeleteTaskLimitPayload { tag } ${REFUSAL} } }`,
} as const satisfies Partial<Record<GraphqlOperation, string>>;

export type Asked = keyof typeof DOCUMENTS;
