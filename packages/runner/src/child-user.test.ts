import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { checkChildUser, ChildUserError, childUserOf } from "./child-user.ts";

// Since 2026-11-21, and for as long as it is so: only root may start processes of another user, so that others cannot see any of this.
const asRoot = test.skipIf(process.getuid?.() !== 0);

const NOBODY = { uid: 65_534, gid: 65_534 };
const NOTHING = { closed: [], writable: [], enterable: [] };

test("a user is given by its numbers, or by a name that the system knows", async () => {
  expect(await childUserOf("65534:100")).toEqual({ uid: 65_534, gid: 100 });
  expect((await childUserOf("nobody")).uid).toBe(65_534);
});

test.for([
  ["0:0", "that is root"],
  ["0:65534", "that is root"],
  ["65534:0", "that is root"],
  ["root", "that is root"],
  ["no-such-user", "nor a user of this machine"],
  ["65534", "nor a user of this machine"],
  ["--help", "nor a user of this machine"],
  ["-1:-1", "nor a user of this machine"],
  ["4294967295:65534", "nor a user of this machine"],
])("flows cannot run as %s", async ([given = "", why]) => {
  await expect(childUserOf(given)).rejects.toThrow(ChildUserError);
  await expect(childUserOf(given)).rejects.toThrow(why);
});

asRoot("a user that can do what it must, and no more, is accepted", async () => {
  const directory = mkdtempSync(join(tmpdir(), "weir user "));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  chmodSync(directory, 0o755);
  mkdirSync(join(directory, "out"), { mode: 0o777 });
  chmodSync(join(directory, "out"), 0o777);
  mkdirSync(join(directory, "keys"), { mode: 0o700 });
  const reach = {
    closed: [join(directory, "keys"), join(directory, "not there")],
    writable: [join(directory, "out")],
    enterable: [directory],
  };
  expect(await checkChildUser(NOBODY, reach)).toBeUndefined();
});

/** What an agent with other rights than those of this process would be told. */
function toldTo(options: readonly string[]): string {
  const code = `
    import { checkChildUser } from ${JSON.stringify(new URL("child-user.ts", import.meta.url).href)};
    await checkChildUser(${JSON.stringify(NOBODY)}, ${JSON.stringify(NOTHING)}).catch((error) => console.log(error.message));
  `;
  const node = [process.execPath, "--input-type=module-typescript", "--eval", code];
  const ran = spawnSync("setpriv", [...options, ...node], { encoding: "utf8", cwd: "/", timeout: 20_000 });
  return ran.stdout + ran.stderr;
}

asRoot.for([
  [
    "an agent that is not root",
    ["--reuid=1000", "--regid=1000", "--clear-groups"],
    "the agent may not become another user",
  ],
  ["an agent that may not end others' processes", ["--bounding-set=-kill"], "Give it the capability KILL"],
  [
    "an agent whose capabilities go on to every process",
    [
      "--reuid=1000",
      "--regid=1000",
      "--clear-groups",
      "--inh-caps=+setuid,+setgid,+kill",
      "--ambient-caps=+setuid,+setgid,+kill",
    ],
    "would keep the agent's capabilities",
  ],
  [
    "an agent that cannot leave its groups",
    ["--reuid=1000", "--regid=1000", "--groups=4,1000", "--inh-caps=+setuid", "--ambient-caps=+setuid"],
    "the agent may not become another user",
  ],
] as const)("%s is refused, and told what it takes", ([, options, why]) => {
  expect(toldTo(options)).toContain(why);
});

asRoot("an agent that is all that it should be is not refused", () => {
  expect(toldTo(["--reuid=0"])).toBe("");
});
