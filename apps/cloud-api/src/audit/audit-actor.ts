import type { Principal } from "../api-keys/api-keys.ts";
import type { AuditActor } from "./record-audit.ts";

/** Who asks, as the audit log names it. */
export function actorOf({
  userId,
  serviceAccountId,
  keyId,
  sessionId,
  scope,
}: Omit<Principal, "permissions">): AuditActor {
  const by = { ...(keyId === undefined ? {} : { keyId }), ...(sessionId === undefined ? {} : { sessionId }) };
  if (userId !== undefined) return { kind: "user", id: userId, ...by };
  if (serviceAccountId !== undefined) return { kind: "service-account", id: serviceAccountId, ...by };
  return { kind: scope === "agent" ? "agent" : "key", ...(keyId === undefined ? {} : { id: keyId }), ...by };
}
