import type { ArtifactKind } from "@weir/protocol";
import { ARTIFACT_KINDS } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { COST_OF_LARGE } from "../graphql/field-cost.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { ARTIFACTS } from "./artifact.sql.ts";

export interface ArtifactRow {
  readonly flowRunId: string;
  readonly name: string;
  readonly kind: ArtifactKind;
  readonly data: unknown;
  readonly at: Date;
  readonly taskRunNumber: number | null;
}

export const ArtifactKindEnum = builder.enumType("ArtifactKind", { values: ARTIFACT_KINDS });

/** What a flow made for people to look at. */
export const Artifact = builder.objectRef<ArtifactRow>("Artifact").implement({
  authScopes: { may: "artifact:read" },
  description: "What the flow made for people to look at.",
  fields: (t) => ({
    name: t.exposeString("name"),
    flowRunId: t.exposeID("flowRunId", { description: "The run that made it." }),
    kind: t.expose("kind", { type: ArtifactKindEnum }),
    data: t.expose("data", {
      type: "JSON",
      nullable: true,
      complexity: COST_OF_LARGE,
      description: "Null where the user's policy withholds it.",
    }),
    at: t.expose("at", { type: "DateTime" }),
    taskRunNumber: t.exposeInt("taskRunNumber", { nullable: true }),
  }),
});

/** The newest artifact of each name of a flow run; one statement for all flow runs of a list. */
export async function artifactsOf(runId: string, { batches, database, tenantId }: GraphqlContext) {
  const artifacts = await batches.ask("artifacts", runId, async (runs) => {
    const { rows } = await database.pool.query<ArtifactRow>(ARTIFACTS, [tenantId, runs]);
    return Map.groupBy(rows, (row) => row.flowRunId);
  });
  return artifacts ?? [];
}
