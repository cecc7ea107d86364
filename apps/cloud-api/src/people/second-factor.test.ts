import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestTenant } from "../graphql/testing/graphql-fixture.ts";
import { PASSWORD, type PeopleFixture, startPeople, type TestPerson } from "./testing/people-fixture.ts";
import { totpCode, totpStep } from "./totp.ts";

let cloud: PeopleFixture;
let tenant: TestTenant;

beforeAll(async () => {
  cloud = await startPeople();
  tenant = await cloud.makeTenant();
});
afterAll(() => cloud.stop());

test("codes are those of RFC 6238, with its own test secret", () => {
  const secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";
  const codes = [59, 1_111_111_109, 1_111_111_111, 1_234_567_890, 2_000_000_000].map((at) =>
    totpCode(secret, Math.floor(at / 30)),
  );
  expect(codes).toEqual(["287082", "081804", "050471", "005924", "279037"]);
  const at = 37_037_037 * 30;
  const steps = [-31, -30, 0, 29, 30, 60].map((late) => totpStep(secret, "050471", (at + late) * 1000));
  expect(steps).toEqual([null, 37_037_037, 37_037_037, 37_037_037, 37_037_037, null]);
});

const now = () => Math.floor(Date.now() / 30_000);
const login = (email: string, code?: string) =>
  cloud.browser().post("/auth/login", { email, password: PASSWORD, ...(code === undefined ? {} : { code }) });

async function enrolled(email: string): Promise<{ person: TestPerson; secret: string; recoveryCodes: string[] }> {
  const person = await cloud.join(tenant, email);
  expect((await person.post("/auth/device", { password: "not the password" })).status).toBe(401);
  const { body } = await person.post<{ secret: string; uri: string }>("/auth/device", { password: PASSWORD });
  expect(body.uri).toBe(`otpauth://totp/Weir:${encodeURIComponent(email)}?secret=${body.secret}&issuer=Weir`);
  // Until the first code was right, nobody is locked out.
  expect((await login(email)).status).toBe(204);
  expect((await person.post("/auth/device/confirm", { code: "000000" })).status).toBe(401);
  const before = person.cookies.get("__Host-weir-session");
  const code = totpCode(body.secret, now() - 1);
  const confirmed = await person.post<{ recoveryCodes: string[] }>("/auth/device/confirm", { code });
  expect(person.cookies.get("__Host-weir-session")).not.toBe(before);
  return { person, secret: body.secret, recoveryCodes: confirmed.body.recoveryCodes };
}

test("with a device, the password alone is not enough; a code is taken once", async () => {
  const { person, secret } = await enrolled("ada@x.example");
  expect((await login(person.email)).body).toMatchObject({ code: "SECOND_FACTOR_REQUIRED" });
  expect((await login(person.email, "000000")).body).toMatchObject({ code: "UNAUTHENTICATED" });
  const code = totpCode(secret, now());
  const tries = await Promise.all([
    login(person.email, code),
    login(person.email, ` ${code.slice(0, 3)} ${code.slice(3)}`),
  ]);
  expect(tries.map(({ status }) => status).toSorted((one, other) => one - other)).toEqual([204, 401]);
  expect((await login(person.email, code)).status).toBe(401);
});

test("a wrong password tells nothing of the device", async () => {
  const { person } = await enrolled("silent@x.example");
  const answer = await cloud.browser().post("/auth/login", { email: person.email, password: "not the password" });
  expect(answer.body).toMatchObject({
    code: "UNAUTHENTICATED",
    message: expect.not.stringContaining("code") as string,
  });
});

test("each recovery code opens once, and neither they nor the secret are stored as they are", async () => {
  const { person, secret, recoveryCodes } = await enrolled("lost@x.example");
  expect(new Set(recoveryCodes).size).toBe(10);
  const [first = "", second = ""] = recoveryCodes;
  expect((await login(person.email, first)).status).toBe(204);
  expect((await login(person.email, first)).status).toBe(401);
  expect((await login(person.email, second.toUpperCase())).status).toBe(204);
  const { rows } = await cloud.database.pool.query(
    "select to_jsonb(c)::text || encode(totp_secret, 'escape') as row from user_credentials c where totp_secret is not null",
  );
  const text = JSON.stringify(rows);
  expect(text).toContain("argon2id");
  for (const hidden of [secret, ...recoveryCodes]) expect(text).not.toContain(hidden);
});

test("a device is removed with the password and a code, and not without", async () => {
  const { person, secret } = await enrolled("removed@x.example");
  expect((await person.post("/auth/device/remove", { password: PASSWORD })).body).toMatchObject({
    code: "SECOND_FACTOR_REQUIRED",
  });
  expect((await person.post("/auth/device", { password: PASSWORD })).body).toMatchObject({
    code: "SECOND_FACTOR_REQUIRED",
  });
  expect((await person.post("/auth/device/remove", { password: PASSWORD, code: totpCode(secret, now()) })).status).toBe(
    204,
  );
  expect((await login(person.email)).status).toBe(204);
});
