import { useCloud } from "../cloud/use-cloud.ts";
import { AuditKeys, AuditMembers } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";

/** Names of those who may have done something, by their ids: as many as the viewer may see. */
export function useActorNames(): ReadonlyMap<string, string> {
  const { data: keys } = useCloud(AuditKeys, {}, { enabled: useMay("key:read") });
  const { data: people } = useCloud(AuditMembers, {}, { enabled: useMay("member:read") });
  return new Map([
    ...(people?.members.nodes ?? []).map(({ userId, email }) => [userId, email] as const),
    ...(keys?.serviceAccounts.nodes ?? []).map(({ id, name }) => [id, `service account ${name}`] as const),
    ...(keys?.apiKeys.nodes ?? []).map(({ id, name }) => [id, `key ${name}`] as const),
  ]);
}
