import { execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { copyPackage, findBinaries } from "./binaries.ts";
import { canEnter, identity, postgresUser, readUsers } from "./system-user.ts";

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "weir-binaries-"));
  chmodSync(directory, 0o755);
});
afterAll(() => rmSync(directory, { recursive: true }));

test("a copy of the programs runs in the name of the user that could not read the checkout, also when two are made at once", async () => {
  const user = postgresUser();
  const { postgres } = await findBinaries(user, directory);
  const root = join(dirname(postgres), "../..");
  const copies = await Promise.all([
    copyPackage(root, join(directory, "18")),
    copyPackage(root, join(directory, "18")),
  ]);
  expect(copies).toEqual([join(directory, "18"), join(directory, "18")]);
  expect(readdirSync(directory)).toEqual(["18"]);
  const said = execFileSync(join(directory, "18/native/bin/postgres"), ["--version"], {
    ...identity(user),
    encoding: "utf8",
    env: {},
  });
  expect(said).toMatch(/^postgres \(PostgreSQL\) 18/);
});

test("a folder below one that a user may not enter cannot be entered, whatever its own mode", () => {
  const user = postgresUser();
  const closed = mkdtempSync(join(directory, "closed-"));
  expect(canEnter(user, directory)).toBe(true);
  expect(canEnter(user, closed)).toBe(user === null);
});

test("users are read from a passwd file, with what does not belong there passed over", () => {
  const users = readUsers(
    "root:x:0:0:root:/root:/bin/sh\n\n+::::::\npostgres:x:101:104::/var/lib/postgresql:/bin/bash\n",
  );
  expect(users.get("postgres")).toEqual({ name: "postgres", uid: 101, gid: 104 });
  expect([...users.keys()]).toEqual(["root", "postgres"]);
});
