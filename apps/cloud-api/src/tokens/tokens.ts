import { Refusal } from "@weir/protocol";
import { errors, type JWTPayload, jwtVerify, SignJWT } from "jose";
import type { CloudSecrets } from "../secrets.ts";

/** Whose session it is: one enrolled agent, and the key it enrolled with. */
export interface Session {
  readonly agentId: string;
  readonly tenantId: string;
  readonly keyId: string;
  /** From which the key may be used; absent, as in the token itself: nobody has looked. */
  readonly networks?: readonly string[];
}

/** A session as its token says it. */
export interface SignedSession extends Session {
  /** Seconds since 1970. */
  readonly expiresAt: number;
}

/** What a run token opens: one run, in one attempt. */
export interface RunPass {
  readonly runId: string;
  readonly tenantId: string;
  readonly agentId: string;
  readonly attempt: number;
  /** From which it may be used: those of the key that its agent enrolled with, which nobody can change. Absent: from everywhere. */
  readonly networks?: readonly string[];
  /** Seconds since 1970. */
  readonly issuedAt: number;
  readonly expiresAt: number;
}

const ISSUER = "weir-cloud";
const ALGORITHM = "EdDSA";

/** Beyond the lease, so that a token does not end between two reports of a runner that is late but still holds its run. */
const RUN_TOKEN_SLACK_SECONDS = 30;
/**
 * A run token that has ended is still read for this long: the journal of a runner that was cut off must find its way in, and what
 * decides is the live attempt, which is checked with every write. A new attempt ends all tokens of the one before.
 */
const RUN_TOKEN_REFRESH_SECONDS = 24 * 3600;

/** Signs a session token. */
export function signSession(secrets: CloudSecrets, session: Session, seconds: number, now: number): Promise<string> {
  const claims = { sub: session.agentId, ten: session.tenantId, key: session.keyId };
  const issuedAt = Math.floor(now / 1000);
  return sign(secrets, "session", claims, issuedAt, issuedAt + Math.ceil(seconds));
}

/** A pass for one attempt of a run, from now on. It lives as long as a lease of `leaseSeconds`, and some slack. */
export function makeRunPass(
  of: Pick<RunPass, "runId" | "tenantId" | "agentId" | "attempt" | "networks">,
  leaseSeconds: number,
  now: number,
): RunPass {
  const { runId, tenantId, agentId, attempt, networks } = of;
  const issuedAt = Math.floor(now / 1000);
  const expiresAt = issuedAt + Math.ceil(leaseSeconds + RUN_TOKEN_SLACK_SECONDS);
  return { runId, tenantId, agentId, attempt, issuedAt, expiresAt, ...(networks?.length ? { networks } : {}) };
}

/** Signs a pass. */
export function signRunPass(secrets: CloudSecrets, pass: RunPass): Promise<string> {
  const { runId, tenantId, agentId, attempt, networks } = pass;
  const claims = { sub: runId, ten: tenantId, agt: agentId, att: attempt, ...(networks ? { net: networks } : {}) };
  return sign(secrets, "run", claims, pass.issuedAt, pass.expiresAt);
}

/** @throws Refusal UNAUTHENTICATED or SESSION_EXPIRED */
export async function readSession(secrets: CloudSecrets, token: string): Promise<SignedSession> {
  const claims = await verify(secrets, "session", token, 0);
  const session = { agentId: text(claims.sub), tenantId: text(claims.ten), keyId: text(claims.key) };
  return { ...session, expiresAt: whole(claims.exp) };
}

/** @throws Refusal UNAUTHENTICATED or SESSION_EXPIRED */
export async function readRunPass(secrets: CloudSecrets, token: string): Promise<RunPass> {
  const claims = await verify(secrets, "run", token, RUN_TOKEN_REFRESH_SECONDS);
  return {
    runId: text(claims.sub),
    tenantId: text(claims.ten),
    agentId: text(claims.agt),
    attempt: whole(claims.att),
    issuedAt: whole(claims.iat),
    expiresAt: whole(claims.exp),
    ...(claims.net === undefined ? {} : { networks: texts(claims.net) }),
  };
}

/** Whether a token is past 80 % of its life, so that the next reply should carry a fresh one. */
export function isWorn(pass: RunPass, now: number): boolean {
  return now / 1000 > pass.issuedAt + 0.8 * (pass.expiresAt - pass.issuedAt);
}

async function sign(secrets: CloudSecrets, audience: string, claims: JWTPayload, issuedAt: number, expiresAt: number) {
  return await new SignJWT(claims)
    .setProtectedHeader({ alg: ALGORITHM })
    .setIssuer(ISSUER)
    .setAudience(audience)
    .setIssuedAt(issuedAt)
    .setExpirationTime(expiresAt)
    .sign(secrets.tokenPrivateKey);
}

async function verify(
  secrets: CloudSecrets,
  audience: string,
  token: string,
  lateSeconds: number,
): Promise<JWTPayload> {
  try {
    const { payload } = await jwtVerify(token, secrets.tokenPublicKey, {
      issuer: ISSUER,
      audience,
      algorithms: [ALGORITHM],
      clockTolerance: lateSeconds,
      requiredClaims: ["sub", "ten", "exp", "iat"],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw new Refusal("SESSION_EXPIRED", `The ${audience} token has ended; enrol again with the agent key.`);
    }
    throw new Refusal("UNAUTHENTICATED", `The authorization header holds no valid ${audience} token of this cloud.`);
  }
}

function text(value: unknown): string {
  if (typeof value === "string") return value;
  throw new Refusal("UNAUTHENTICATED", "The token lacks a claim that this cloud gives every token.");
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.map(text) : [text(undefined)];
}

function whole(value: unknown): number {
  if (typeof value === "number" && Number.isInteger(value)) return value;
  throw new Refusal("UNAUTHENTICATED", "The token lacks a claim that this cloud gives every token.");
}
