import Type from "typebox";
import { ID_PATTERN } from "./ids.ts";
import { LIMITS } from "./limits.ts";
import { STATE_NAMES, type StateName } from "./state.ts";

/** Field schemas that several messages share. They carry no class: each message says it where it uses them. */
export const fields = {
  id: () => Type.String({ pattern: ID_PATTERN }),
  name: () => Type.String({ minLength: 1, maxLength: LIMITS.nameLength }),
  labels: () => Type.Array(Type.String({ minLength: 1, maxLength: LIMITS.nameLength }), { maxItems: LIMITS.labels }),
  /** 1, 2, 3 … */
  ordinal: () => Type.Integer({ minimum: 1, maximum: 2_147_483_647 }),
  /** 0, 1, 2 … */
  count: () => Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
  /** Milliseconds since 1970 by the user's clock: shown to people, never compared with another machine's. */
  epochMs: () => Type.Integer({ minimum: 0, maximum: 8_640_000_000_000_000 }),
  state: () => Type.Unsafe<StateName>(Type.Enum(STATE_NAMES)),
  json: () => Type.Unknown(),
  seconds: () => Type.Number({ minimum: 0 }),
  /** A credential as a header can carry it. Longer ones than any that Weir makes are not sent around. */
  token: () => Type.String({ pattern: "^[!-~]{1,8192}$" }),
  text: (maxLength: number) => Type.String({ maxLength }),
};
