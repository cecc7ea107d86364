import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root, workspacePackages } from "../repository/repository.ts";

// What a user has: an empty folder outside this repository, npm, and the tarballs that `pnpm build` and `pnpm pack` make.

const run = promisify(execFile);
const PUBLISHED = ["protocol", "client", "gate", "results", "sdk", "runner", "agent", "cli"];
let folder = "";

/** The environment of a stranger: nothing of this workspace, and node first on the path. */
const env = { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, HOME: tmpdir(), NO_COLOR: "1" };

const FLOW = `
import { flow, run, task } from "@weir/sdk";

const double = task("double", { retries: 1 }, (n: number) => 2 * n);

export default flow("packed", {}, async () => {
  const doubled = await double.map([1, 2, 3]);
  run.log.info("doubled " + doubled.length);
  return doubled.reduce((sum, n) => sum + n, 0);
});
`;

async function pack(name: string, into: string): Promise<void> {
  const workspace = workspacePackages().find(({ manifest }) => manifest.name === `@weir/${name}`);
  if (workspace === undefined) throw new Error(`there is no package @weir/${name}`);
  const cwd = join(root, workspace.folder);
  await run("npx", ["-y", "pnpm@12", "run", "build"], { cwd });
  await run("npx", ["-y", "pnpm@12", "pack", "--pack-destination", into], { cwd });
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "weir packed "));
  // In this order: each is built against the declarations of those before it.
  for (const name of PUBLISHED) await pack(name, folder);
  const tarballs = (await readdir(folder)).filter((file) => file.endsWith(".tgz")).map((file) => `./${file}`);
  await writeFile(join(folder, "package.json"), JSON.stringify({ name: "stranger", private: true, type: "module" }));
  // With the machine's own settings: where its registry is, only they know.
  await run("npm", ["install", "--no-audit", "--no-fund", ...tarballs], { cwd: folder });
  await writeFile(join(folder, "packed.flow.ts"), FLOW);
}, 240_000);

afterAll(() => rm(folder, { recursive: true, force: true }));

test("what is published is JavaScript with declarations, and no tests", async () => {
  for (const name of PUBLISHED) {
    const files = await readdir(join(folder, "node_modules/@weir", name), { recursive: true });
    const own = files.filter((file) => !file.startsWith("node_modules"));
    expect(
      own.some((file) => file.endsWith("index.js")),
      name,
    ).toBe(true);
    expect(
      // Neither is that which takes the gate's steps out, to see that `weir prove` fails.
      own.filter((file) => (file.endsWith(".ts") && !file.endsWith(".d.ts")) || /\.test\.|mutant/.test(file)),
      name,
    ).toEqual([]);
    expect(await readFile(join(folder, "node_modules/@weir", name, "package.json"), "utf8")).not.toMatch(
      /workspace:|weir-built|\.\/src\//,
    );
  }
});

test("a flow runs as a plain program", async () => {
  await writeFile(
    join(folder, "plain.ts"),
    `import packed from "./packed.flow.ts"; console.log("sum", await packed({}));`,
  );
  const { stdout } = await run(process.execPath, ["plain.ts"], { cwd: folder, env });
  expect(stdout).toContain("sum 12");
});

test("the command line runs it without a cloud", async () => {
  const { stdout } = await run(
    process.execPath,
    ["node_modules/@weir/cli/dist/main.js", "run", "packed.flow.ts", "--local", "--json"],
    { cwd: folder, env },
  );
  expect(JSON.parse(stdout)).toMatchObject({ state: "Success" });
});

test("the types reach the user's editor", async () => {
  await writeFile(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        module: "nodenext",
        target: "es2024",
        allowImportingTsExtensions: true,
        types: [],
        skipLibCheck: false,
      },
      files: ["wrong.ts"],
    }),
  );
  await writeFile(
    join(folder, "wrong.ts"),
    `import { task } from "@weir/sdk";\nconst n = task("n", { retryDelay: "10 sceonds" }, () => 1);\nvoid n;\n`,
  );
  const failed = await run(join(root, "node_modules/.bin/tsc"), ["-p", "tsconfig.json"], { cwd: folder, env }).catch(
    (error: { stdout: string }) => error,
  );
  expect(failed.stdout).toContain("wrong.ts(2,");
  expect(failed.stdout).not.toContain("node_modules/@weir");
});
