import type { Permission } from "@weir/protocol/permissions";
import type { RefusalCode } from "@weir/protocol";
import { Refused } from "../cloud/refused.ts";

/** Who a browser's session is of, and where they may go. */
export interface Session {
  readonly user: {
    readonly id: string;
    readonly email: string;
    readonly name: string | null;
    readonly secondFactor: boolean;
  };
  readonly tenant: Place;
  readonly role: string;
  readonly permissions: readonly Permission[];
  readonly method: "password" | "sso";
  /** This one among them. */
  readonly tenants: readonly Place[];
}

interface Place {
  readonly id: string;
  readonly name: string;
}

/** How people come in and go out: `/auth/*` of the cloud, in JSON. */
export const people = {
  /** @throws Refused nobody is signed in */
  session: (signal: AbortSignal) => send("session", { signal }) as Promise<Session>,
  /** What may be offered to somebody whom the cloud does not know. */
  ways: (signal: AbortSignal) => send("ways", { signal }) as Promise<{ readonly signUp: boolean }>,
  /** @throws Refused SECOND_FACTOR_REQUIRED: the same again, with a code */
  signIn: (body: { email: string; password: string; code?: string }) => post("login", body),
  /** @throws Refused FORBIDDEN: this cloud takes nobody in by themselves */
  signUp: (body: { email: string; password: string; name?: string; tenant: string }) => post("sign-up", body),
  switchTenant: (tenantId: string) => post("tenant", { tenantId }),
  /** All other sessions of the account end. @throws Refused a wrong password, or one that is too short */
  changePassword: (body: { password: string; next: string; code?: string }) => post("password", body),
  /** Begins a second factor, which counts once its first code was right. @throws Refused there is one already */
  enrolDevice: (password: string) => post("device", { password }) as Promise<{ secret: string; uri: string }>,
  /** Answers codes for a lost device, told this once. @throws Refused the code is wrong */
  confirmDevice: (code: string) => post("device/confirm", { code }) as Promise<{ recoveryCodes: readonly string[] }>,
  removeDevice: (body: { password: string; code: string }) => post("device/remove", body),
  signOut: () => send("logout", { method: "POST" }),
} as const;

const post = (path: string, body: object) =>
  send(path, { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } });

async function send(path: string, how: RequestInit): Promise<unknown> {
  const reply = await fetch(`/auth/${path}`, how).catch(() => null);
  if (reply === null) throw new Refused("UNREACHABLE", "The cloud cannot be reached from here. Try again in a moment.");
  const answer: unknown = await reply.json().catch(() => null);
  if (reply.ok) return answer;
  const { code = "INTERNAL", message } = (answer ?? {}) as { code?: RefusalCode; message?: string };
  throw new Refused(code, message ?? `The cloud answered with status ${reply.status}.`);
}
