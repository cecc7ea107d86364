import { isId } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import type { GraphqlContext } from "../graphql/context.ts";
import {
  CHANGE_KINDS,
  CHANGED_PARAMETER_PARTS,
  CHANGED_PARTS,
  parameterChanges,
  type ParameterChange,
  type VersionChange,
  versionChanges,
  type VersionFacts,
} from "./diff-versions.ts";
import { FlowVersion } from "./flow-version.graphql.ts";

const ChangeKind = builder.enumType("ChangeKind", { values: CHANGE_KINDS });
const ChangedPart = builder.enumType("ChangedPart", {
  description: "What of a version differs, but for values of parameters.",
  values: CHANGED_PARTS,
});
const ChangedParameterPart = builder.enumType("ChangedParameterPart", {
  description: "What of a version differs in values of parameters.",
  values: CHANGED_PARAMETER_PARTS,
});

const NAME = "Of the task, parameter, label, schedule, file or field; null: the part as a whole.";

const VersionChangeType = builder.objectRef<VersionChange>("VersionChange").implement({
  authScopes: { may: "flow:read" },
  description: "One difference of two versions, but for values of parameters.",
  fields: (t) => ({
    part: t.expose("part", { type: ChangedPart }),
    kind: t.expose("kind", { type: ChangeKind }),
    name: t.exposeString("name", { nullable: true, description: NAME }),
    before: t.expose("before", { type: "JSON", nullable: true, description: "Null where it was added." }),
    after: t.expose("after", { type: "JSON", nullable: true, description: "Null where it was removed." }),
  }),
});

const ParameterChangeType = builder.objectRef<ParameterChange>("ParameterChange").implement({
  authScopes: { may: "parameter:read" },
  description: "One difference of two versions in values of parameters. What is sealed differs wherever its text does.",
  fields: (t) => ({
    part: t.expose("part", { type: ChangedParameterPart }),
    kind: t.expose("kind", { type: ChangeKind }),
    name: t.exposeString("name", { nullable: true, description: NAME }),
    before: t.expose("before", { type: "JSON", nullable: true, description: "Null where it was added." }),
    after: t.expose("after", { type: "JSON", nullable: true, description: "Null where it was removed." }),
  }),
});

interface Versions {
  readonly from: VersionFacts & { readonly id: string; readonly number: number };
  readonly to: VersionFacts & { readonly id: string; readonly number: number };
}

const FlowVersionDiff = builder.objectRef<Versions>("FlowVersionDiff").implement({
  authScopes: { may: "flow:read" },
  description: "What is different in one version of a flow, seen from another.",
  fields: (t) => ({
    fromNumber: t.int({ resolve: ({ from }) => from.number }),
    toNumber: t.int({ resolve: ({ to }) => to.number }),
    changes: t.field({ type: [VersionChangeType], resolve: ({ from, to }) => versionChanges(from, to) }),
    parameterChanges: t.field({
      authScopes: { may: "parameter:read" },
      type: [ParameterChangeType],
      nullable: true,
      resolve: ({ from, to }) => parameterChanges(from, to),
    }),
  }),
});

async function versionsOf(
  flowId: string,
  { from, to }: { from: string; to: string },
  { database, tenantId }: GraphqlContext,
): Promise<Versions | null> {
  const found = await database.prisma.flowVersion.findMany({ where: { tenantId, flowId, id: { in: [from, to] } } });
  const [before, after] = [from, to].map((id) => found.find((version) => version.id === id));
  return before === undefined || after === undefined ? null : { from: before, to: after };
}

builder.prismaObjectField(FlowVersion, "diff", (t) =>
  t.field({
    type: FlowVersionDiff,
    nullable: true,
    description:
      "What is different in this version, seen from another one of the same flow; null when there is no such one.",
    args: { with: t.arg.id({ required: true, description: "The version to compare with, usually an older one." }) },
    select: { id: true, flowId: true },
    // Two registrations are read whole.
    complexity: 100,
    resolve: ({ id, flowId }, args, context) =>
      isId(args.with) ? versionsOf(flowId, { from: args.with, to: id }, context) : null,
  }),
);
