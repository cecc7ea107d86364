import type { GraphqlOperation } from "@weir/protocol";

const PAGE = `pageInfo { hasNextPage endCursor }`;
const REFUSAL = `... on Refusal { code message }`;
const PAUSE = `pause { at by reason }`;
const AGENT = `agent { name ${PAUSE} }`;
const OUTCOME = `changed left refused { code count message ids }`;

/** What keeps runs from being claimed, and many runs at once. */
export const CONTROL_DOCUMENTS = {
  Queue: `query Queue { queue { due ${PAUSE} } }`,
  PauseQueue: `mutation PauseQueue($input: PauseQueueInput!) { result: pauseQueue(input: $input) {
    __typename ... on PauseQueuePayload { queue { due ${PAUSE} } } ${REFUSAL} } }`,
  ResumeQueue: `mutation ResumeQueue { result: resumeQueue {
    __typename ... on ResumeQueuePayload { queue { due ${PAUSE} } } ${REFUSAL} } }`,
  PauseAgent: `mutation PauseAgent($input: PauseAgentInput!) { result: pauseAgent(input: $input) {
    __typename ... on PauseAgentPayload { ${AGENT} } ${REFUSAL} } }`,
  ResumeAgent: `mutation ResumeAgent($name: String!) { result: resumeAgent(name: $name) {
    __typename ... on ResumeAgentPayload { ${AGENT} } ${REFUSAL} } }`,
  RunLimits: `query RunLimits($first: Int, $after: String) { runLimits(first: $first, after: $after) {
    ${PAGE} edges { node { label slots held waiting holders { flowRunId flowRunName agent } } } } }`,
  SetRunLimit: `mutation SetRunLimit($input: SetRunLimitInput!) { result: setRunLimit(input: $input) {
    __typename ... on SetRunLimitPayload { runLimit { label slots held waiting } } ${REFUSAL} } }`,
  DeleteRunLimit: `mutation DeleteRunLimit($label: String!) { result: deleteRunLimit(label: $label) {
    __typename ... on DeleteRunLimitPayload { label } ${REFUSAL} } }`,
  SetFlowRunState: `mutation SetFlowRunState($input: SetFlowRunStateInput!) { result: setFlowRunState(input: $input) {
    __typename ... on SetFlowRunStatePayload { flowRun { id name state attempt } } ${REFUSAL} } }`,
  FlowRunCount: `query FlowRunCount($filter: FlowRunFilter!) { flowRunCount(filter: $filter) { count isMore } }`,
  CancelFlowRuns: `mutation CancelFlowRuns($input: ChosenFlowRunsInput!) { result: cancelFlowRuns(input: $input) {
    __typename ... on CancelFlowRunsPayload { ${OUTCOME} } ${REFUSAL} } }`,
  RestartFlowRuns: `mutation RestartFlowRuns($input: ChosenFlowRunsInput!) { result: restartFlowRuns(input: $input) {
    __typename ... on RestartFlowRunsPayload { ${OUTCOME} } ${REFUSAL} } }`,
} as const satisfies Partial<Record<GraphqlOperation, string>>;
