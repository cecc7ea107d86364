const PAGE = `pageInfo { hasNextPage endCursor }`;
const REFUSAL = `... on Refusal { code message }`;
const SETTINGS = `settings { description parameterDefaults labels maxRecoveries recoveryBackoffSeconds }`;
const CHANGES = `part kind name before after`;

/** What the command line asks about flows and the key-value store; part of DOCUMENTS. */
export const FLOW_DOCUMENTS = {
  Flows: `query Flows($first: Int, $after: String) { flows(first: $first, after: $after) {
    ${PAGE} edges { node { name description project { name } currentVersion { number createdAt } } } } }`,
  FlowDetails: `query FlowDetails($project: String!, $name: String!) { flow(project: $project, name: $name) {
    id name description createdAt project { name } schedules { name active next zone } ${SETTINGS}
    currentVersion { id number createdAt labels parameterSchema parameterDefaults boundary signature contentDigest } } }`,
  FlowVersions: `query FlowVersions($project: String!, $name: String!, $first: Int, $after: String) {
    flow(project: $project, name: $name) { currentVersion { number } versions(first: $first, after: $after) {
      ${PAGE} edges { node { id number description contentDigest createdAt archivedAt } } } } }`,
  FlowVersionDiff: `query FlowVersionDiff($project: String!, $name: String!, $number: Int!, $with: ID!) {
    flow(project: $project, name: $name) { version(number: $number) { diff(with: $with) {
      fromNumber toNumber changes { ${CHANGES} } parameterChanges { ${CHANGES} } } } } }`,
  ArchiveFlowVersion: `mutation ArchiveFlowVersion($id: ID!) { result: archiveFlowVersion(id: $id) {
    __typename ... on ArchiveFlowVersionPayload { flowVersion { number archivedAt flow { currentVersion { number } } } } ${REFUSAL} } }`,
  UnarchiveFlowVersion: `mutation UnarchiveFlowVersion($id: ID!) { result: unarchiveFlowVersion(id: $id) {
    __typename ... on UnarchiveFlowVersionPayload { flowVersion { number archivedAt flow { currentVersion { number } } } } ${REFUSAL} } }`,
  DeleteFlow: `mutation DeleteFlow($id: ID!) { result: deleteFlow(id: $id) {
    __typename ... on DeleteFlowPayload { name done runs } ${REFUSAL} } }`,
  MoveFlow: `mutation MoveFlow($input: MoveFlowInput!) { result: moveFlow(input: $input) {
    __typename ... on MoveFlowPayload { flow { name project { name } currentVersion { signature } } } ${REFUSAL} } }`,
  SetFlowSettings: `mutation SetFlowSettings($input: SetFlowSettingsInput!) { result: setFlowSettings(input: $input) {
    __typename ... on SetFlowSettingsPayload { flow { name ${SETTINGS} } } ${REFUSAL} } }`,
  ResetFlowDefaults: `mutation ResetFlowDefaults($project: String!, $flow: String!) {
    result: setFlowSettings(input: { project: $project, flow: $flow, parameterDefaults: null }) {
    __typename ... on SetFlowSettingsPayload { flow { name ${SETTINGS} } } ${REFUSAL} } }`,
  Kv: `query Kv($key: String!) { kv(key: $key) { key value version updatedAt updatedBy } }`,
  KvEntries: `query KvEntries($prefix: String, $first: Int, $after: String) { kvEntries(prefix: $prefix, first: $first, after: $after) {
    ${PAGE} edges { node { key value version updatedAt updatedBy } } } }`,
  SetKv: `mutation SetKv($input: SetKvInput!) { result: setKv(input: $input) {
    __typename ... on SetKvPayload { key version } ${REFUSAL} } }`,
  DeleteKv: `mutation DeleteKv($input: DeleteKvInput!) { result: deleteKv(input: $input) {
    __typename ... on DeleteKvPayload { key } ${REFUSAL} } }`,
} as const;
