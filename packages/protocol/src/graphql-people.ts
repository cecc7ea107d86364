import Type from "typebox";
import { group, message, metadata, optional } from "./data-class.ts";
import { fields } from "./fields.ts";

const page = { first: optional(metadata(fields.count())), after: optional(metadata(Type.String())) };
const byId = message({ id: metadata(fields.id()) });

/** Variables of operations about people and their tenant. Addresses of accounts are the cloud's own: they come from no flow. */
export const PEOPLE_VARIABLES = {
  Members: message(page),
  Invitations: message(page),
  InviteMember: message({
    input: group(message({ email: metadata(fields.name()), role: metadata(fields.name()) })),
  }),
  RevokeInvitation: byId,
  ChangeMemberRole: message({
    input: group(message({ id: metadata(fields.id()), role: metadata(fields.name()) })),
  }),
  RemoveMember: byId,
  SetIdentityProvider: message({
    input: group(
      message({
        issuer: metadata(fields.name()),
        clientId: metadata(fields.name()),
        clientSecret: metadata(fields.name()),
        emailDomains: metadata(Type.Array(fields.name())),
        role: metadata(fields.name()),
      }),
    ),
  }),
  RemoveIdentityProvider: message({}),
  EraseHoldings: message({
    input: group(
      message({
        tenantName: metadata(fields.name()),
        before: optional(metadata(Type.String())),
        flows: optional(metadata(Type.Boolean())),
      }),
    ),
  }),
} as const;
