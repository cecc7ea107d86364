import { isId, Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { BY_ID, connectionOf, newestFirst, page } from "../graphql/page.ts";
import { queryOfNode } from "../graphql/query-of.ts";
import { orRefusal } from "../graphql/refusal.graphql.ts";
import { requireHeld } from "../rights/require-held.ts";
import { checkedEmail } from "./accounts.ts";
import { invitationPath, invite, type MadeInvitation, revokeInvitation } from "./invitations.ts";
import { memberRoleOf } from "./member-role.ts";
import { quotasOf } from "../quotas/quotas.ts";

const Invitation = builder.prismaObject("Invitation", {
  authScopes: { may: "member:read" },
  description: "Somebody who was asked to join. The link is shown once, when it is made.",
  select: { id: true },
  fields: (t) => ({
    id: t.exposeID("id"),
    email: t.exposeString("email"),
    role: t.string({
      description: "What the person will be.",
      select: { role: true, ownRole: { select: { name: true } } },
      resolve: ({ role, ownRole }) => role ?? ownRole?.name ?? "",
    }),
    createdAt: t.expose("createdAt", { type: "DateTime" }),
    expiresAt: t.expose("expiresAt", { type: "DateTime" }),
    acceptedAt: t.expose("acceptedAt", { type: "DateTime", nullable: true }),
    revokedAt: t.expose("revokedAt", { type: "DateTime", nullable: true }),
  }),
});

builder.queryField("invitations", (t) =>
  t.connection(
    {
      authScopes: { may: "member:read" },
      type: Invitation,
      description: "Newest first, with those that were accepted, taken back or left to expire.",
      resolve: (_root, args, context, info) =>
        page(args, BY_ID, (asked) =>
          context.database.prisma.invitation.findMany({
            ...queryOfNode(context, info),
            ...newestFirst(context.tenantId, asked),
          }),
        ),
    },
    ...connectionOf("Invitation"),
  ),
);

const InviteMemberInput = builder.inputType("InviteMemberInput", {
  fields: (t) => ({
    email: t.string({ required: true }),
    role: t.string({
      required: true,
      description: "owner, admin, developer, operator, viewer, or a role of your own.",
    }),
  }),
});

const InviteMemberPayload = builder.objectRef<MadeInvitation>("InviteMemberPayload").implement({
  fields: (t) => ({
    invitation: t.prismaField({
      type: Invitation,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.invitation.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
    path: t.string({
      description:
        "Shown this once: the link's path at this cloud. Send it to the person alone; whoever has it can join, once, within a week.",
      resolve: ({ token }) => invitationPath(token),
    }),
  }),
});

builder.mutationField("inviteMember", (t) =>
  t.field({
    authScopes: { may: "member:write" },
    type: InviteMemberPayload,
    errors: orRefusal("InviteMember"),
    description: "Makes a link with which a person joins. Nobody invites to more than they hold.",
    args: { input: t.arg({ type: InviteMemberInput, required: true }) },
    resolve: async (_root, { input }, { database: { pool }, secrets, principal }) => {
      const email = checkedEmail(input.email);
      const { tenantId, userId } = principal;
      const { role, roleId, permissions } = await memberRoleOf(pool, tenantId, input.role);
      requireHeld(principal, permissions, "The invited person");
      await quotasOf(pool).requireRoom(tenantId, "members");
      return await invite(pool, secrets, { tenantId, email, role, roleId, invitedBy: userId ?? null });
    },
  }),
);

const RevokeInvitationPayload = builder.objectRef<{ id: string }>("RevokeInvitationPayload").implement({
  fields: (t) => ({
    invitation: t.prismaField({
      type: Invitation,
      resolve: (query, { id }, _args, { database, tenantId }) =>
        database.prisma.invitation.findUniqueOrThrow({ ...query, where: { tenantId_id: { tenantId, id } } }),
    }),
  }),
});

builder.mutationField("revokeInvitation", (t) =>
  t.field({
    authScopes: { may: "member:write" },
    type: RevokeInvitationPayload,
    errors: orRefusal("RevokeInvitation"),
    description: "Takes an invitation back that was not accepted. Taking it back again changes nothing.",
    args: { id: t.arg.id({ required: true }) },
    resolve: async (_root, { id }, { database, tenantId }) => {
      if (isId(id) && (await revokeInvitation(database.pool, { tenantId, id }))) return { id };
      throw new Refusal("NOT_FOUND", `There is no open invitation ${JSON.stringify(id).slice(0, 80)}.`);
    },
  }),
);
