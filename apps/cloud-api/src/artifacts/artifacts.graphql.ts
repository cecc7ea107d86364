import { LIMITS } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import { connectionOf, type Cursor, page, type Page } from "../graphql/page.ts";
import { SealKey, sealKeysOfRun } from "../seal-keys/seal-key.graphql.ts";
import { Artifact, ArtifactKindEnum, type ArtifactRow } from "./artifact.graphql.ts";
import { FLOWS_BY_NAME, NEWEST_ARTIFACTS } from "./artifact.sql.ts";

const BY_NAME: Cursor<ArtifactRow, string> = {
  write: ({ name }) => name,
  read: (text) => (text.length <= LIMITS.nameLength ? text : null),
};

/** What the list is narrowed by; null: by nothing. */
interface Narrowed {
  readonly flow: string | null;
  readonly project: string | null;
  readonly name: string | null;
  readonly kind: string | null;
}

const named = (field: string, name: string | null | undefined) =>
  name === null || name === undefined ? null : checkedName(field, name);

async function newestArtifacts(
  { database: { pool }, tenantId }: GraphqlContext,
  { flow, project, name, kind }: Narrowed,
  { after, before, limit, fromEnd }: Page<string>,
): Promise<ArtifactRow[]> {
  const isOfFlows = flow !== null || project !== null;
  const flows = isOfFlows ? (await pool.query<{ id: string }>(FLOWS_BY_NAME, [tenantId, flow, project])).rows : null;
  const values = [tenantId, after, before, limit, name, kind, flows?.map(({ id }) => id) ?? null];
  const { rows } = await pool.query<ArtifactRow>(NEWEST_ARTIFACTS(fromEnd ? "desc" : "asc"), values);
  return rows;
}

builder.queryField("artifacts", (t) =>
  t.connection(
    {
      authScopes: { may: "artifact:read" },
      type: Artifact,
      description: "The newest of each name, of all runs of the tenant; by name.",
      args: {
        project: t.arg.string({ description: "Only of runs of flows in this project." }),
        flow: t.arg.string({ description: "Only of runs of the flow of this name." }),
        name: t.arg.string(),
        kind: t.arg({ type: ArtifactKindEnum }),
      },
      resolve: (_root, { project, flow, name, kind, ...args }, context) => {
        const narrowed = {
          flow: named("flow", flow),
          project: named("project", project),
          name: named("name", name),
          kind: kind ?? null,
        };
        return page(args, BY_NAME, (asked) => newestArtifacts(context, narrowed, asked));
      },
    },
    ...connectionOf("Artifact"),
  ),
);

builder.objectField(Artifact, "sealKeys", (t) =>
  t.field({
    type: [SealKey],
    description: "Keys of what is sealed in its run.",
    resolve: ({ flowRunId }, _args, context) => sealKeysOfRun(flowRunId, context),
  }),
);
