import Type, { type TSchema } from "typebox";

// Bodies of /auth/*. People type these into the cloud's own pages; nothing of them comes from a flow.

const text = (most: number) => Type.String({ maxLength: most });
const email = text(254);
const password = text(1_000);
const code = Type.Optional(text(100));
const token = text(100);
const body = <T extends Record<string, TSchema>>(properties: T) =>
  Type.Object(properties, { additionalProperties: false });

export const SIGN_UP = body({ email, password, name: Type.Optional(text(200)), tenant: text(200) });
export const LOGIN = body({ email, password, code, tenantId: Type.Optional(Type.String({ format: "uuid" })) });
export const SWITCH_TENANT = body({ tenantId: Type.String({ format: "uuid" }) });
export const CHANGE_PASSWORD = body({ password, next: password, code });
export const SHOW_INVITATION = body({ token });
export const ACCEPT_INVITATION = body({ token, password, code, name: Type.Optional(text(200)) });
export const ENROL_DEVICE = body({ password });
export const CONFIRM_DEVICE = body({ code: text(100) });
export const REMOVE_DEVICE = body({ password, code });
export const ALLOW_PROGRAM = body({ challenge: Type.String({ pattern: "^[\\w-]{43}$" }) });
export const EXCHANGE_CODE = body({
  code: token,
  verifier: token,
  device: Type.String({ pattern: "^[\\w. -]{1,100}$" }),
});
