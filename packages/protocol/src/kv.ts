import Type from "typebox";
import { message, metadata, optional, parameter } from "./data-class.ts";
import { fields } from "./fields.ts";

// What a flow asks of the key-value store: `kv` of the SDK. People and programs reach the same entries through GraphQL.

const version = () => Type.Integer({ minimum: 0, maximum: 2_147_483_647 });

/** Of a write. It is asked again until it is answered: the same id has its effect once, and is answered as it was at first. */
const write = {
  attempt: metadata(fields.ordinal()),
  /** Made by the runner, of one question of the flow. */
  question: metadata(fields.id()),
  key: metadata(fields.name()),
  /** Only where the entry has this version; 0: only where there is none. Absent: in any case. */
  expectedVersion: optional(metadata(version())),
};

/** `POST /v1/runs/:id/kv/get`: an entry of the tenant's key-value store. */
export const KvGetRequest = message({ attempt: metadata(fields.ordinal()), key: metadata(fields.name()) });
export type KvGetRequest = Type.Static<typeof KvGetRequest>;
export const KvGetReply = message({
  /** 0: there is no entry. */
  version: metadata(version()),
  value: optional(parameter(fields.json())),
});
export type KvGetReply = Type.Static<typeof KvGetReply>;

/** `POST /v1/runs/:id/kv/set`: writes an entry. */
export const KvSetRequest = message({
  ...write,
  /** The task run that writes; absent: the flow itself. The policy may say more of some tasks. */
  number: optional(metadata(fields.ordinal())),
  value: parameter(fields.json()),
});
export type KvSetRequest = Type.Static<typeof KvSetRequest>;
/** The version that was written: 1, 2, 3 … */
export const KvSetReply = message({ version: metadata(version()) });
export type KvSetReply = Type.Static<typeof KvSetReply>;

/** `POST /v1/runs/:id/kv/delete`: deletes an entry, if there is one. */
export const KvDeleteRequest = message(write);
export type KvDeleteRequest = Type.Static<typeof KvDeleteRequest>;
export const KvDeleteReply = message({ deleted: metadata(Type.Boolean()) });
export type KvDeleteReply = Type.Static<typeof KvDeleteReply>;
