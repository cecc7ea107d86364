import { AUDIT_OUTCOMES, type AuditHead, isId, Refusal } from "@weir/protocol";
import { builder } from "../graphql/builder.ts";
import { connectionOf, type Cursor, page } from "../graphql/page.ts";
import { type AuditFilter, type AuditRow, readAuditHead, readAuditLog } from "./read-audit-log.ts";

const AuditOutcomeEnum = builder.enumType("AuditOutcome", {
  description:
    "How an operation went. `asked` is written before it is begun: where none of the others follows, whether it happened is not known.",
  values: AUDIT_OUTCOMES,
});

const AuditEntry = builder.objectRef<AuditRow>("AuditEntry").implement({
  description:
    "Who did something, or was refused. Entries are neither changed nor removed; each holds the hash of the one before.",
  authScopes: { may: "audit:read" },
  fields: (t) => ({
    sequence: t.exposeFloat("sequence", { description: "1, 2, 3 …, without a gap." }),
    at: t.expose("at", { type: "DateTime" }),
    actorKind: t.exposeString("actorKind", { description: "user, service-account, key, agent or system." }),
    actorId: t.exposeID("actorId", { nullable: true }),
    actorName: t.exposeString("actorName", {
      nullable: true,
      description: "Keyed digest of the name that was given, where whoever asked was nobody known.",
    }),
    keyId: t.exposeID("keyId", { nullable: true, description: "The API key that was used." }),
    sessionId: t.exposeID("sessionId", { nullable: true }),
    address: t.exposeString("address", { nullable: true }),
    action: t.exposeString("action", { description: "The operation, such as createApiKey." }),
    targetKind: t.exposeString("targetKind", { nullable: true }),
    targetId: t.exposeString("targetId", { nullable: true }),
    asked: t.exposeFloat("asked", {
      nullable: true,
      description: "Number of the entry that was written before the operation was begun.",
    }),
    outcome: t.expose("outcome", { type: AuditOutcomeEnum }),
    code: t.exposeString("code", { nullable: true, description: "The refusal's." }),
    request: t.exposeString("request", { nullable: true, description: "Keyed digest of what was asked." }),
    before: t.exposeString("before", { nullable: true, description: "Keyed digest of the thing as it was." }),
    after: t.exposeString("after", { nullable: true, description: "Keyed digest of the thing as it became." }),
    previousHash: t.exposeString("previousHash"),
    hash: t.exposeString("hash", {
      description: "SHA-256 of the hash of the entry before, the sequence number and the content of this one.",
    }),
  }),
});

const AuditHeadType = builder.objectRef<AuditHead>("AuditHead").implement({
  description: "The newest entry: a log that ends before it was cut off.",
  authScopes: { may: "audit:read" },
  fields: (t) => ({ sequence: t.exposeFloat("sequence"), hash: t.exposeString("hash") }),
});

const AuditFilterInput = builder.inputType("AuditFilter", {
  fields: (t) => ({
    actorId: t.id(),
    action: t.string(),
    from: t.field({ type: "DateTime", description: "This moment, or later." }),
    before: t.field({ type: "DateTime", description: "Earlier than this moment." }),
    outcome: t.field({ type: [AuditOutcomeEnum] }),
  }),
});

const NUMBER = /^\d{1,15}$/;
const BY_SEQUENCE: Cursor<AuditRow, number> = {
  write: ({ sequence }) => String(sequence),
  read: (text) => (NUMBER.test(text) ? Number(text) : null),
};

function checkedFilter(filter: AuditFilter): AuditFilter {
  const actorId = filter.actorId ?? null;
  if (actorId === null || isId(actorId)) return filter;
  throw new Refusal("INVALID", `actorId: ${JSON.stringify(String(actorId).slice(0, 80))} is no id; an id is a UUID.`);
}

builder.queryField("auditLog", (t) =>
  t.connection(
    {
      type: AuditEntry,
      authScopes: { may: "audit:read" },
      description: "Newest first.",
      args: { filter: t.arg({ type: AuditFilterInput }) },
      resolve: (_root, { filter, ...args }, { database, tenantId }) =>
        page(args, BY_SEQUENCE, (asked) => readAuditLog(database.pool, tenantId, checkedFilter(filter ?? {}), asked)),
    },
    ...connectionOf("AuditEntry"),
  ),
);

builder.queryField("auditHead", (t) =>
  t.field({
    type: AuditHeadType,
    authScopes: { may: "audit:read" },
    description: "Note it elsewhere, and give it to `weir audit verify --expect` later.",
    resolve: (_root, _args, { database, tenantId }) => readAuditHead(database.pool, tenantId),
  }),
);
