import "./refusal.graphql.ts";
import "../tenants/viewer.graphql.ts";
import "../projects/project.graphql.ts";
import "../projects/project-mutations.graphql.ts";
import "../flows/flow.graphql.ts";
import "../flows/flow-by-id.graphql.ts";
import "../flows/flow-versions.graphql.ts";
import "../flows/flow-statistics.graphql.ts";
import "../flows/flow-version-diff.graphql.ts";
import "../flows/flow-mutations.graphql.ts";
import "../flow-settings/flow-settings.graphql.ts";
import "../kv/kv.graphql.ts";
import "../schedules/schedule.graphql.ts";
import "../flow-runs/flow-run.graphql.ts";
import "../flow-runs/flow-run-parts.graphql.ts";
import "../logs/flow-run-logs.graphql.ts";
import "../flow-runs/flow-run-mutations.graphql.ts";
import "../flow-runs/flow-run-pause.graphql.ts";
import "../flow-runs/flow-run-by-hand.graphql.ts";
import "../flow-runs/bulk/bulk.graphql.ts";
import "../flow-runs/rename-flow-run.graphql.ts";
import "../artifacts/artifacts.graphql.ts";
import "../task-limits/task-limit.graphql.ts";
import "../run-limits/run-limit.graphql.ts";
import "../queue/queue.graphql.ts";
import "../flow-runs/waiting/waiting.graphql.ts";
import "../flow-runs/waiting/runs-for-agents.graphql.ts";
import "../flow-runs/history/flow-run-history.graphql.ts";
import "../flow-runs/earlier/earlier-runs.graphql.ts";
import "../flow-runs/flow-run-updates.graphql.ts";
import "../agents/agent.graphql.ts";
import "../agents/agent-pause.graphql.ts";
import "../api-keys/api-key.graphql.ts";
import "../api-keys/service-account.graphql.ts";
import "../rights/role.graphql.ts";
import "../audit/audit-log.graphql.ts";
import "../tenant-holdings/tenant-holdings.graphql.ts";
import "../tenant-holdings/erase/erase-holdings.graphql.ts";
import "../people/member.graphql.ts";
import "../people/invitation.graphql.ts";
import "../people/identity-provider.graphql.ts";
import { lexicographicSortSchema, printSchema } from "./graphql-js.ts";
import { builder } from "./builder.ts";
import { describeClasses } from "./field-classes.ts";

/** The GraphQL schema: one file per noun, listed above. Fields of user data say its class. */
export const schema = describeClasses(builder.toSchema());

/** The schema as text, as `apps/cloud-api/schema.graphql` holds it: a change of it is a change of what clients may rely on. */
export function printedSchema(): string {
  return `${printSchema(lexicographicSortSchema(schema))}\n`;
}
