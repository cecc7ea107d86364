import type { CampaignReport } from "./campaign.ts";
import type { ReplicaReport } from "./replicas.ts";

const WHAT = {
  child: "a flow's process",
  agent: "an agent",
  cloud: "the cloud",
  postgres: "Postgres (its postmaster)",
} as const satisfies Record<CampaignReport["target"], string>;

/** One fault usually shows in many places: the first are enough to look for it. */
export const MOST_TOLD = 40;

/** With no failure in n independent kills, the probability of one lies below 3/n with 95 % confidence. */
const bound = (kills: number) => `${((3 / kills) * 100).toFixed(1)} %`;

/** The page that tells of a campaign, in Markdown. */
export function renderReport(reports: readonly CampaignReport[], at: Date): string {
  const rows = reports.map(
    ({ target, kills, runs, attempts, restarts, executions, seconds, violations }) =>
      `| ${WHAT[target]} | ${kills} | ${runs} | ${attempts} | ${restarts} | ${executions} | ${seconds} s | ${violations.length} | ${violations.length === 0 ? `≤ ${bound(kills)}` : "–"} |`,
  );
  const violations = reports.flatMap((report) =>
    report.violations.slice(0, MOST_TOLD).map((violation) => `- ${report.target}: ${violation}`),
  );
  return `# Reliability report

${at.toISOString().slice(0, 10)}, seed ${reports[0]?.seed}. Made by \`node packages/testing/src/faults/main.ts --kills ${reports[0]?.kills} --seed ${reports[0]?.seed}\`.

Real processes and a real Postgres; each kill is a SIGKILL at a random moment while several runs of [30 tasks](../packages/testing/src/faults/flows/thirty.flow.ts) are
under way. After it the run goes on as it would for a user: services are started again, a run whose process was killed is restarted.
[What is checked](../packages/testing/src/faults/check-story.ts) of every run: it ends with success; its history has no gap and only legal moves; each success is recorded once;
leases follow each other, and history names the cause of each; a stale attempt executes nothing; no task is executed twice in one attempt, nor after
its success was recorded; log lines are there once and in order; results are whole; no process is left.

| killed | kills | runs | attempts | restarts | executions | time | violations | probability of a violation per kill (95 %) |
|---|---:|---:|---:|---:|---:|---:|---:|---:|
${rows.join("\n")}
${violations.length === 0 ? "" : `\n## Violations\n\n${violations.join("\n")}\n`}
An attempt is one holding of a run's lease. Executions above 30 per run are tasks whose success was not yet recorded when their process died:
at least once is what is promised of execution, exactly once of state.
`;
}

/** The section that tells of two replicas, in Markdown. */
export function renderReplicas(report: ReplicaReport, at: Date): string {
  const { seconds, everySeconds, users, restarts, operations, repeated, runs, violations } = report;
  const told = violations.slice(0, MOST_TOLD).map((violation) => `- ${violation}`);
  return `## Two replicas, one restarted every ${everySeconds} s

${at.toISOString().slice(0, 10)}. Made by \`node packages/testing/src/faults/main.ts --replicas ${seconds}\`.

Two clouds on one database behind a balancer that knows nothing of HTTP. ${users} users start, look at, limit and cancel runs without a pause; two agents work. Each
${everySeconds} s one cloud, and then the other, gets SIGTERM and is started again. A user tries five times within three seconds, with one idempotency key, as the command line does.
[What is checked](../packages/testing/src/faults/replicas.ts): no operation failed after that; each had its effect once; and all that is checked of runs above.

| seconds | restarts | operations | of these sent more than once | runs | violations |
| ------: | -------: | ---------: | ---------------------------: | ---: | ---------: |
| ${seconds} | ${restarts} | ${operations} | ${repeated} | ${runs} | ${violations.length} |
${told.length === 0 ? "" : `\n${told.join("\n")}\n`}`;
}
