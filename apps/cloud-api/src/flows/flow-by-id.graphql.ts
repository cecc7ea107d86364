import { isId } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { Flow } from "./flow.graphql.ts";

builder.queryField("flowById", (t) =>
  t.prismaField({
    authScopes: { may: "flow:read" },
    type: Flow,
    nullable: true,
    description: "A flow by id, whatever it and its project are called by now; null when there is none.",
    args: { id: t.arg.id({ required: true }) },
    resolve: (query, _root, { id }, { database, tenantId }) =>
      isId(id) ? database.prisma.flow.findUnique({ ...query, where: { tenantId_id: { tenantId, id } } }) : null,
  }),
);
