import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { deleteProject, renameProject } from "./change-project.ts";
import { Project } from "./project.graphql.ts";

const RenameProjectInput = builder.inputType("RenameProjectInput", {
  fields: (t) => ({
    project: t.string({ required: true, description: "Its name as yet." }),
    name: t.string({ required: true, description: "Its name from now on." }),
  }),
});

const RenameProjectPayload = builder.objectRef<{ id: string }>("RenameProjectPayload").implement({
  fields: (t) => ({
    project: t.prismaField({
      type: Project,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.project.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("renameProject", (t) =>
  t.field({
    authScopes: { may: "project:write" },
    type: RenameProjectPayload,
    errors: orRefusal("RenameProject"),
    description: "Signatures, and agents that serve some projects alone, know a project by its name: change them too.",
    args: { input: t.arg({ type: RenameProjectInput, required: true }) },
    resolve: (_root, { input }, { database, tenantId }) => {
      const [project, name] = [checkedName("project", input.project), checkedName("name", input.name)];
      return renameProject(database.pool, { tenantId, project, name });
    },
  }),
);

const DeleteProjectPayload = builder.objectRef<{ name: string }>("DeleteProjectPayload").implement({
  fields: (t) => ({ name: t.exposeString("name") }),
});

builder.mutationField("deleteProject", (t) =>
  t.field({
    authScopes: { may: "project:write" },
    type: DeleteProjectPayload,
    errors: orRefusal("DeleteProject"),
    description: "Refused while flows are in it.",
    args: { name: t.arg.string({ required: true }) },
    resolve: async (_root, { name }, { database, tenantId }) => {
      await deleteProject(database.pool, { tenantId, name: checkedName("name", name) });
      return { name };
    },
  }),
);
