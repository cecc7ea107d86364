import { makeId } from "@weir/protocol";
import { SignJWT } from "jose";
import { expect, test } from "vitest";
import { createSecrets } from "../secrets.ts";
import { isWorn, makeRunPass, readRunPass, readSession, signRunPass, signSession } from "./tokens.ts";

const secrets = createSecrets(Buffer.alloc(32, 7).toString("base64url"));
const session = { agentId: makeId(), tenantId: makeId(), keyId: makeId() };
const pass = { runId: makeId(), tenantId: makeId(), agentId: makeId(), attempt: 3 };
const NOW = Math.floor(Date.now() / 1000);
const HOUR = 3_600_000;

test("tokens say what was signed", async () => {
  expect(await readSession(secrets, await signSession(secrets, session, 60, 1000 * NOW))).toEqual({
    ...session,
    expiresAt: NOW + 60,
  });
  expect(await readRunPass(secrets, await passFrom(Date.now()))).toMatchObject(pass);
});

const passFrom = (now: number) => signRunPass(secrets, makeRunPass(pass, 45, now));

test("a run token carries the networks of its agent's key, and so do those that come after it", async () => {
  const networks = ["10.0.0.0/8"];
  const read = await readRunPass(
    secrets,
    await signRunPass(secrets, makeRunPass({ ...pass, networks }, 45, Date.now())),
  );
  expect(read.networks).toEqual(networks);
  expect(makeRunPass(read, 45, Date.now()).networks).toEqual(networks);
  expect((await readRunPass(secrets, await passFrom(Date.now()))).networks).toBeUndefined();
});

test("a session that has ended is told; a run token is still read for a day", async () => {
  const ended = await signSession(secrets, session, 60, Date.now() - HOUR);
  await expect(readSession(secrets, ended)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
  expect(await readRunPass(secrets, await passFrom(Date.now() - HOUR))).toMatchObject(pass);
  const old = await passFrom(Date.now() - 25 * HOUR);
  await expect(readRunPass(secrets, old)).rejects.toMatchObject({ code: "SESSION_EXPIRED" });
});

test("a token of one kind does not pass as the other, nor one of another cloud or without a signature", async () => {
  const run = await passFrom(Date.now());
  await expect(readSession(secrets, run)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  await expect(readRunPass(secrets, await signSession(secrets, session, 60, Date.now()))).rejects.toMatchObject({
    code: "UNAUTHENTICATED",
  });
  const other = createSecrets(Buffer.alloc(32, 8).toString("base64url"));
  await expect(readRunPass(other, run)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  const [, claims] = run.split(".");
  const none = `${Buffer.from('{"alg":"none"}').toString("base64url")}.${claims}.`;
  await expect(readRunPass(secrets, none)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
  const hmac = await new SignJWT({ sub: "x" }).setProtectedHeader({ alg: "HS256" }).sign(new Uint8Array(32));
  await expect(readRunPass(secrets, hmac)).rejects.toMatchObject({ code: "UNAUTHENTICATED" });
});

test("a token is worn past four fifths of its life", async () => {
  const now = 1_000_000_000_000;
  const read = { ...pass, issuedAt: now / 1000, expiresAt: now / 1000 + 100 };
  expect(isWorn(read, now + 79_000)).toBe(false);
  expect(isWorn(read, now + 81_000)).toBe(true);
});
