import { isId, Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { changeMemberRole, removeMember } from "./members.ts";

const Member = builder.prismaObject("Membership", {
  name: "Member",
  authScopes: { may: "member:read" },
  description: "A person who works in the tenant.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id", { description: "Of the membership: the same person has another in another tenant." }),
    userId: t.exposeID("userId"),
    email: t.string({ select: { user: { select: { email: true } } }, resolve: ({ user }) => user.email }),
    name: t.string({
      nullable: true,
      select: { user: { select: { name: true } } },
      resolve: ({ user }) => user.name,
    }),
    role: t.string({
      description: "A role that every tenant has, or one of the tenant's own, by its name.",
      select: { role: true, ownRole: { select: { name: true } } },
      resolve: ({ role, ownRole }) => role ?? ownRole?.name ?? "",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
  }),
});

builder.queryField("members", (t) =>
  t.connection(
    {
      authScopes: { may: "member:read" },
      type: Member,
      description: "Newest first.",
      resolve: (_root, args, context, info) =>
        page(args, BY_ID, (asked) =>
          context.database.prisma.membership.findMany({
            ...queryOfNode(context, info),
            ...newestFirst(context.tenantId, asked),
          }),
        ),
    },
    ...connectionOf("Member"),
  ),
);

const ChangeMemberRoleInput = builder.inputType("ChangeMemberRoleInput", {
  fields: (t) => ({
    id: t.id({ required: true }),
    role: t.string({
      required: true,
      description: "owner, admin, developer, operator, viewer, or a role of your own.",
    }),
  }),
});

const ChangeMemberRolePayload = builder.objectRef<{ id: string }>("ChangeMemberRolePayload").implement({
  fields: (t) => ({
    member: t.prismaField({
      type: Member,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.membership.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("changeMemberRole", (t) =>
  t.field({
    authScopes: { may: "member:write" },
    type: ChangeMemberRolePayload,
    errors: orRefusal("ChangeMemberRole"),
    description:
      "Gives a member another role, at once. Nobody gives more than they hold; the last owner stays. Where it takes something away, the member's keys end.",
    args: { input: t.arg({ type: ChangeMemberRoleInput, required: true }) },
    resolve: async (_root, { input: { id, role } }, { database, principal }) => {
      await changeMemberRole(database.pool, principal, { id: checkedId(id), role });
      return { id };
    },
  }),
);

const RemoveMemberPayload = builder.objectRef<{ id: string }>("RemoveMemberPayload").implement({
  fields: (t) => ({ id: t.exposeID("id", { description: "Of the membership that there was." }) }),
});

builder.mutationField("removeMember", (t) =>
  t.field({
    authScopes: { may: "member:write" },
    type: RemoveMemberPayload,
    errors: orRefusal("RemoveMember"),
    description: "Removes a member, with the sessions and keys of that person here. The last owner stays.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, principal }) => {
      await removeMember(database.pool, principal, checkedId(id));
      return { id };
    },
  }),
);

function checkedId(id: string): string {
  if (isId(id)) return id;
  throw new Refusal("NOT_FOUND", `There is no member ${JSON.stringify(id).slice(0, 80)}.`);
}
