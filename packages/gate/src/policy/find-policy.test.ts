import { execFileSync, spawnSync } from "node:child_process";
import { chownSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findPolicy, findPolicyFile } from "./find-policy.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import { folderOfTest, policyFile } from "./testing/policy-of.ts";

test("the nearest file from the folder upward holds, and without one the defaults do", async () => {
  const folder = folderOfTest();
  const [inner, deep] = [join(folder, "a"), join(folder, "a", "b", "c")];
  mkdirSync(deep, { recursive: true });
  expect(await findPolicy(deep, {})).toBe(DEFAULT_POLICY);
  const outer = policyFile("version: 1\nclasses: { log: drop }\n", folder);
  expect(findPolicyFile(deep, {})).toBe(outer);
  const near = policyFile("version: 1\nclasses: { log: seal }\n", inner);
  expect(findPolicyFile(deep, {})).toBe(near);
  expect((await findPolicy(deep, {})).actionFor("log", {})).toBe("seal");
});

test("WEIR_BOUNDARY_FILE goes before what would be found, and must be there", async () => {
  const folder = folderOfTest();
  policyFile("version: 1\nclasses: { log: drop }\n", folder);
  const other = policyFile("version: 1\nclasses: { log: seal }\n");
  expect((await findPolicy(folder, { WEIR_BOUNDARY_FILE: other })).actionFor("log", {})).toBe("seal");
  await expect(findPolicy(folder, { WEIR_BOUNDARY_FILE: "gone.yaml" })).rejects.toThrow(
    `The boundary policy ${join(folder, "gone.yaml")} is not there. Nothing is sent without it`,
  );
  expect((await findPolicy(folder, { WEIR_BOUNDARY_FILE: "" })).actionFor("log", {})).toBe("drop");
});

test("a file that is broken is not passed over for the one above it", async () => {
  const folder = folderOfTest();
  mkdirSync(join(folder, "a"));
  policyFile("version: 1\n", folder);
  policyFile("versoin: 1\n", join(folder, "a"));
  await expect(findPolicy(join(folder, "a"), {})).rejects.toThrow('Did you mean "version"?');
});

const isRoot = process.getuid?.() === 0;

test.runIf(isRoot)("a file of another user's is not used, nor a link that another user made", () => {
  const folder = folderOfTest();
  const path = policyFile("version: 1\n", folder);
  chownSync(path, 12_345, 12_345);
  expect(() => findPolicyFile(folder, {})).toThrow(
    `The boundary policy ${path} belongs to another user, so it is not used.`,
  );
  expect(findPolicyFile(folder, { WEIR_BOUNDARY_FILE: path })).toBe(path);
  const other = folderOfTest();
  const link = join(other, "weir.boundary.yaml");
  symlinkSync(policyFile("version: 1\n"), link);
  expect(findPolicyFile(other, {})).toBe(link);
  execFileSync("chown", ["-h", "12345", link]);
  expect(() => findPolicyFile(other, {})).toThrow("belongs to another user");
});

test("who has no policy file loads neither YAML nor RE2", () => {
  const listing = `import { registerHooks } from "node:module";
    registerHooks({ load: (url, context, next) => (process.stderr.write(url + "\\n"), next(url, context)) });`;
  const work = `const { findPolicy } = await import(${JSON.stringify(join(import.meta.dirname, "..", "index.ts"))});
    await findPolicy(process.cwd(), process.env);`;
  const loaded = (cwd: string) => {
    const args = ["--import", `data:text/javascript,${encodeURIComponent(listing)}`, "--input-type=module", "-e", work];
    const { stderr, status } = spawnSync(process.execPath, args, { cwd, encoding: "utf8", env: {} });
    expect(status, stderr).toBe(0);
    return stderr.split("\n").filter((url) => /\/node_modules\/(\.pnpm\/)?(yaml|re2js)@?/.test(url));
  };
  const folder = folderOfTest();
  expect(loaded(folder)).toEqual([]);
  policyFile("version: 1\n", folder);
  expect(loaded(folder).length).toBeGreaterThan(0);
});
