import Type from "typebox";
import { group, message, metadata, optional } from "./data-class.ts";
import { fields } from "./fields.ts";

/** How an agent starts a claimed run. */
export const LAUNCHER_KINDS = ["process", "docker", "kubernetes"] as const;
export type LauncherKind = (typeof LAUNCHER_KINDS)[number];

/** `POST /v1/agents`: an agent key in the Authorization header, answered with a session token. Enrolling the same name again answers the same agent. */
export const EnrolRequest = message({
  name: metadata(fields.name()),
  labels: metadata(fields.labels()),
  launchers: metadata(Type.Array(Type.Unsafe<LauncherKind>(Type.Enum([...LAUNCHER_KINDS])))),
  /** Version of the agent, and of the line that it speaks. */
  version: metadata(fields.name()),
  apiVersion: metadata(Type.Integer({ minimum: 1 })),
  /** How many runs it holds at most at once. */
  capacity: metadata(fields.count()),
  publicKeys: optional(
    group(Type.Array(message({ use: metadata(fields.name()), jwk: metadata(Type.Unknown()) }), { maxItems: 10 })),
  ),
});
export type EnrolRequest = Type.Static<typeof EnrolRequest>;

export const EnrolReply = message({
  agentId: metadata(fields.id()),
  sessionToken: metadata(fields.token()),
  /** Seconds until the session token ends; the agent enrols again at 80 % of it. */
  sessionSeconds: metadata(fields.seconds()),
  /** Length of a lease in seconds, and how often a runner must report at least. */
  leaseSeconds: metadata(fields.seconds()),
  reportSeconds: metadata(fields.seconds()),
});
export type EnrolReply = Type.Static<typeof EnrolReply>;
