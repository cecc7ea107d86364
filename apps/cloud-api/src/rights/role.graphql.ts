import { ROLES } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { checkedName } from "../graphql/checked-name.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { checkedPermissions } from "./grant.ts";
import { changeRole, createRole, deleteRole, readRoles } from "./roles.ts";

interface RoleShape {
  /** Absent: every tenant has it. */
  readonly id?: string;
  readonly name: string;
  readonly permissions: readonly string[];
}

const Role = builder.objectRef<RoleShape>("Role").implement({
  authScopes: { may: "member:read" },
  description: "What its holders may do: members and keys have one each.",
  fields: (t) => ({
    id: t.id({
      nullable: true,
      description: "Null: every tenant has it, and nobody can change it.",
      resolve: ({ id }) => id ?? null,
    }),
    name: t.exposeString("name"),
    permissions: t.stringList({ resolve: ({ permissions }) => [...permissions] }),
  }),
});

builder.queryField("roles", (t) =>
  t.field({
    authScopes: { may: "member:read" },
    type: [Role],
    description: "Those that every tenant has, from the most to the least, then those of the tenant's own by name.",
    complexity: 20,
    resolve: async (_root, _args, { database, tenantId }) => {
      const common = Object.entries(ROLES).map(([name, permissions]) => ({ name, permissions }));
      return [...common, ...(await readRoles(database.pool, tenantId))];
    },
  }),
);

const payloadWithRole = (name: string) =>
  builder.objectRef<{ role: RoleShape }>(name).implement({
    fields: (t) => ({ role: t.expose("role", { type: Role }) }),
  });

const CreateRoleInput = builder.inputType("CreateRoleInput", {
  fields: (t) => ({
    name: t.string({ required: true }),
    permissions: t.stringList({ required: true, description: "Such as run:read; no more than whoever asks holds." }),
  }),
});

builder.mutationField("createRole", (t) =>
  t.field({
    authScopes: { may: "role:write" },
    type: payloadWithRole("CreateRolePayload"),
    errors: orRefusal("CreateRole"),
    args: { input: t.arg({ type: CreateRoleInput, required: true }) },
    resolve: async (_root, { input }, { database, principal }) => {
      const wish = { name: checkedName("name", input.name), permissions: checkedPermissions(input.permissions) };
      return { role: await createRole(database.pool, principal, wish) };
    },
  }),
);

const ChangeRoleInput = builder.inputType("ChangeRoleInput", {
  fields: (t) => ({ id: t.id({ required: true }), permissions: t.stringList({ required: true }) }),
});

builder.mutationField("changeRole", (t) =>
  t.field({
    authScopes: { may: "role:write" },
    type: payloadWithRole("ChangeRolePayload"),
    errors: orRefusal("ChangeRole"),
    description: "Whoever has the role holds this from now on.",
    args: { input: t.arg({ type: ChangeRoleInput, required: true }) },
    resolve: async (_root, { input }, { database, principal }) => {
      const permissions = checkedPermissions(input.permissions);
      return { role: await changeRole(database.pool, principal, { id: input.id, permissions }) };
    },
  }),
);

builder.mutationField("deleteRole", (t) =>
  t.field({
    authScopes: { may: "role:write" },
    type: payloadWithRole("DeleteRolePayload"),
    errors: orRefusal("DeleteRole"),
    description: "Refused while somebody has it.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, principal }) => ({
      role: await deleteRole(database.pool, principal, id),
    }),
  }),
);
