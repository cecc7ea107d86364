import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { weir } from "../testing/weir.ts";
import { databaseOf } from "./inputs.ts";

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "weir-prove-inputs-"));
  writeFileSync(join(cwd, "url"), "postgres://weir:hunter2@127.0.0.1:9/weir\n", { mode: 0o600 });
  writeFileSync(join(cwd, "no-url"), "hunter2", { mode: 0o600 });
  writeFileSync(join(cwd, "bad.yaml"), "version: 1\nclasses:\n  log: sned\n");
});
afterAll(() => rmSync(cwd, { recursive: true }));

test("a database is taken from a file, or from a variable that is named", () => {
  const url = "postgres://weir:hunter2@127.0.0.1:9/weir";
  expect(databaseOf({ cwd, env: {} }, { databaseUrlFile: "url" })).toEqual({ kind: "given", url });
  expect(databaseOf({ cwd, env: { DATABASE_URL: url } }, { databaseUrlEnv: "DATABASE_URL" })).toEqual({
    kind: "given",
    url,
  });
  expect(databaseOf({ cwd, env: { DATABASE_URL: url } }, {})).toEqual({ kind: "embedded" });
});

const USAGE: readonly [args: readonly string[], sentence: RegExp][] = [
  [["--only", "gentle"], /argument 'gentle' is invalid\. Allowed choices are default, strict, sealed/],
  [["--policy", "nowhere.yaml"], /There is no policy file .*nowhere\.yaml\. Name the one that your agents read/],
  [["--policy", "bad.yaml"], /bad\.yaml:3:8: classes\.log is "sned"; it takes/],
  [["--database-url-file", "nowhere"], /nowhere with the database's URL cannot be read \(ENOENT\)/],
  [["--database-url-file", "no-url"], /no-url holds no URL of a Postgres; it takes postgresql:/],
  [["--database-url-env", "NO_SUCH"], /There is no environment variable NO_SUCH, or it is empty/],
  [["--database-url-env", "A", "--database-url-file", "url"], /cannot be used with/],
];

test.for(USAGE)("what cannot be used is told in a sentence before anything starts: %j", async ([args, sentence]) => {
  const { code, out, err } = await weir(["prove", ...args], { cwd });
  expect(err).toMatch(sentence);
  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).not.toContain("hunter2");
  expect(err).not.toContain("a cloud is starting");
});

test("a database that is away is told in a sentence, without its password", async () => {
  const { code, err } = await weir(["prove", "--database-url-file", "url"], { cwd });
  expect(err).toMatch(/Postgres at 127\.0\.0\.1:9\/weir cannot be reached: nothing listens there\./);
  expect(code).toBe(1);
  expect(err).not.toContain("hunter2");
});
