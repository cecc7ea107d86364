import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startTestCloud, type TestCloud } from "@weir/testing/cloud";
import { eventually } from "@weir/testing";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startWeir, weir } from "../testing/weir.ts";

let cloud: TestCloud;
let home: string;

beforeAll(async () => {
  cloud = await startTestCloud({ leaseSeconds: 30, reportSeconds: 2 });
  home = await mkdtemp(join(tmpdir(), "weir home "));
});
afterAll(async () => {
  await rm(home, { recursive: true, force: true });
  await cloud.stop();
});

const at = () => ({ cwd: home, env: { HOME: home } });
const PASSWORD = "correct horse battery";

/** What the person's browser sends, signed in by an invitation. */
async function person(): Promise<
  (path: string, body: object) => Promise<{ cookie: string; answer: { code?: string } }>
> {
  let cookie = "";
  const send = async (path: string, body: object) => {
    const headers = { "content-type": "application/json", origin: cloud.url, ...(cookie && { cookie }) };
    const reply = await fetch(cloud.url + path, { method: "POST", headers, body: JSON.stringify(body) });
    const [given = ""] = reply.headers.getSetCookie();
    if (given !== "") cookie = given.split(";")[0] ?? "";
    return { cookie, answer: reply.status === 204 ? {} : ((await reply.json()) as { code?: string }) };
  };
  const query = `mutation { inviteMember(input: { email: "ada@x.example", role: "owner" }) { ... on InviteMemberPayload { path } } }`;
  const invited = await fetch(`${cloud.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${cloud.userKey}` },
    body: JSON.stringify({ query }),
  });
  const { data } = (await invited.json()) as { data: { inviteMember: { path: string } } };
  await send("/auth/invitation/accept", { token: data.inviteMember.path.split("#")[1], password: PASSWORD });
  return send;
}

test("a person allows it in the browser; the key is kept in a profile of theirs alone, and used", async () => {
  const send = await person();
  const running = startWeir(["login", "--url", cloud.url], at());
  onTestFinished(() => void running.child.kill());
  await eventually(() => running.seen.err.includes("&device="));
  const [address = ""] = /http\S+\/auth\/cli\?\S+/.exec(running.seen.err) ?? [];
  const asked = new URL(address).searchParams;
  const { answer } = await send("/auth/cli/allow", { challenge: asked.get("challenge") });
  const loopback = `http://127.0.0.1:${asked.get("port")}/`;
  const back = (state: string) => fetch(`${loopback}?${new URLSearchParams({ code: answer.code ?? "", state })}`);
  expect((await back("another")).status).toBe(404);
  expect((await back(asked.get("state") ?? "")).status).toBe(200);
  expect(await running.ended).toMatchObject({
    code: 0,
    out: expect.stringContaining("Signed in as ada@x.example") as string,
  });
  const file = join(home, ".config", "weir", "profiles", "default.json");
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const { key } = JSON.parse(await readFile(file, "utf8")) as { key: string };
  const keys = await weir(["keys", "list"], at());
  expect([keys.code, keys.out]).toEqual([0, expect.stringContaining("weir login on")]);
  const listed = await weir(["profiles"], at());
  expect(listed.out).toContain(`default  ${cloud.url}  ada@x.example`);
  expect(listed.out).not.toContain(key);
  const out = await weir(["logout"], at());
  expect([out.code, out.out]).toEqual([
    0,
    "The key of the profile default is ended at the cloud, and forgotten here.\n",
  ]);
  expect((await weir(["keys", "list"], at())).code).toBe(3);
  const withKey = { ...at(), env: { ...at().env, WEIR_API_URL: cloud.url, WEIR_API_KEY: key } };
  expect((await weir(["keys", "list"], withKey)).err).toContain("was revoked");
});

test("a cloud that cannot be reached does not keep anybody from signing out here; a key of a file is not ended", async () => {
  const folder = join(home, ".config", "weir", "profiles");
  const keep = (name: string, profile: object) =>
    writeFile(join(folder, `${name}.json`), JSON.stringify(profile), { mode: 0o600 });
  await keep("away", { url: "http://127.0.0.1:9", key: "weir_u_x", email: "ada@x.example", tenant: "acme" });
  const away = await weir(["logout", "--profile", "away"], at());
  expect([away.code, away.out]).toEqual([
    0,
    expect.stringMatching(/forgotten here, and still good at the cloud: .*127/),
  ]);
  expect((await weir(["profiles"], at())).out).not.toContain("away");
  await keep("file", { url: cloud.url, key: cloud.userKey });
  expect((await weir(["logout", "--profile", "file"], at())).out).toContain("it was given by a file");
  await expect(
    fetch(`${cloud.url}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${cloud.userKey}` },
      body: JSON.stringify({ query: "{ viewer { scope } }" }),
    }),
  ).resolves.toMatchObject({ status: 200 });
});

test("a key of a file is kept under a name, when it opens the cloud", async () => {
  const good = join(home, "key");
  await writeFile(good, `${cloud.userKey}\n`, { mode: 0o600 });
  await writeFile(join(home, "bad"), "weir_u_bad", { mode: 0o600 });
  expect((await weir(["login", "--url", cloud.url, "--profile", "ci", "--key-file", "bad"], at())).code).toBe(3);
  expect((await weir(["--profile", "ci", "keys", "list"], at())).code).toBe(3);
  expect((await weir(["login", "--url", cloud.url, "--profile", "ci", "--key-file", "key"], at())).code).toBe(0);
  expect((await weir(["keys", "list", "--profile", "ci"], at())).code).toBe(0);
  expect((await weir(["profiles", "--json"], at())).out).toContain('"name": "ci"');
});
