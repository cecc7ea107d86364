import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSealKey, publicHalf } from "@weir/protocol/seal";
import { createTestDatabase, type TestDatabase } from "@weir/testing/database";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, weir } from "../testing/weir.ts";

// The command as a person types it: a policy and keys of their own, on a Postgres of their own.

const POLICY = `version: 1
classes:
  parameter: seal
  log: seal
  exception: id-only
  artifact: drop
`;

interface Document {
  readonly passed: boolean;
  readonly policies: readonly {
    readonly policy: string;
    readonly happened: readonly { readonly happened: boolean }[];
    readonly channels: readonly {
      readonly channel: string;
      readonly places: readonly { readonly verdict: string }[];
    }[];
  }[];
}

let database: TestDatabase;
let cwd: string;
let ended: Ended;

beforeAll(async () => {
  database = await createTestDatabase("empty");
  cwd = mkdtempSync(join(tmpdir(), "weir-prove-own-"));
  const inside = await generateSealKey();
  const write = (name: string, content: unknown): string => {
    writeFileSync(join(cwd, name), JSON.stringify(content), { mode: 0o600 });
    return name;
  };
  writeFileSync(join(cwd, "mine.yaml"), POLICY);
  const env = {
    DATABASE_URL: database.url,
    WEIR_AGENT_SEAL_KEY_FILE: write("inside.json", inside),
    WEIR_TRUST_FILE: write("trust.json", { version: 1, inside: publicHalf(inside), recipients: [], signers: [] }),
  };
  const options = ["--policy", "mine.yaml", "--database-url-env", "DATABASE_URL", "--report", "report", "--json"];
  ended = await weir(["prove", ...options], { cwd, env });
}, 180_000);

afterAll(async () => {
  await database.drop();
  rmSync(cwd, { recursive: true });
});

test("a policy of the user's own passes on a Postgres of the user's own, and its keys open what is sealed", () => {
  expect(ended.err).not.toContain("✗");
  const proof = JSON.parse(ended.out) as Document;
  expect(proof.passed).toBe(true);
  const [yours, ...others] = proof.policies;
  expect(others).toEqual([]);
  expect(yours?.happened.every(({ happened }) => happened)).toBe(true);
  const verdicts = (channel: string) =>
    yours?.channels.find((one) => one.channel === channel)?.places.map(({ verdict }) => verdict);
  expect(verdicts("logLine")).toEqual(["opens", "absent", "opens", "absent"]);
  expect(verdicts("errorMessage")).toEqual(["absent", "absent", "kept", "absent"]);
  expect(verdicts("location")).toEqual(["present", "present", "present", "absent"]);
  expect(verdicts("artifactLink")).toEqual(["absent", "absent", "absent", "absent"]);
  expect(ended.code).toBe(0);
});

test("the report is saved for people and for programs", () => {
  expect(JSON.parse(readFileSync(join(cwd, "report", "proof.json"), "utf8"))).toEqual(JSON.parse(ended.out));
  const people = readFileSync(join(cwd, "report", "proof.md"), "utf8");
  expect(people).toContain("Verdict: **passed**");
  expect(people).toMatch(/- ✓ the process is killed \(`killed`: Scheduled → .*Crashed\)/);
  expect(people).toMatch(/\| run\.log +\| seal \| none \| sealed, opens \| not found \| sealed, opens \| not found \|/);
});

test("the proof wrote to that database, and its password stands nowhere", async () => {
  const { rows } = await database.database.pool.query<{ name: string }>("select name from tenants");
  expect(rows.map(({ name }) => name)).toEqual([expect.stringMatching(/^weir-prove-[0-9a-f]{12}$/)]);
  expect(`${ended.out}${ended.err}`).not.toContain(database.url);
});
