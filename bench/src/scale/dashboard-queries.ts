import type { CommonQuery } from "./common-queries.ts";

const RUN = "id name state usualSeconds lastSuccess { id name startedAt endedAt }";

const QUERIES: Readonly<Record<string, string>> = {
  "history of a day": "{ flowRunHistory { runs isMore buckets { from states { state runs } } } }",
  "history of a flow": `{ flowRunHistory(filter: { flow: "flow 3", project: "seeded" }) { runs isMore } }`,
  "history of a state": "{ flowRunHistory(filter: { state: [Failed] }) { runs isMore } }",
  "what runs usually take": `{ flowRuns(first: 50) { nodes { ${RUN} } } }`,
  "runs that are late": "{ flowRuns(first: 50, filter: { isLate: true }) { nodes { id } } }",
  "statistics of flows":
    "{ flows(first: 20) { nodes { statistics { runs successes medianSeconds points { id state seconds } } } } }",
  "what waits for agents":
    "{ agents(first: 20) { nodes { waitingRuns { flowRun { id name } canTake missingLabels } } } }",
  "what the cloud holds": "{ holdings { table column values sealed plain isMore sample } }",
};

/** What the dashboard asks for beside what everybody does. */
export const DASHBOARD_QUERIES: readonly CommonQuery[] = Object.entries(QUERIES).map(([name, query]) => ({
  name,
  path: "/graphql",
  body: { query },
}));
