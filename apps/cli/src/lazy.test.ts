import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { MAIN } from "./testing/weir.ts";

const LISTING = `
import { registerHooks } from "node:module";
registerHooks({ load: (url, context, next) => (process.stderr.write(url + "\\n"), next(url, context)) });
`;

/** Files that a command line loads. */
async function loaded(args: readonly string[]): Promise<string[]> {
  const hook = `data:text/javascript,${encodeURIComponent(LISTING)}`;
  const { stderr } = await promisify(execFile)(process.execPath, ["--import", hook, MAIN, ...args]);
  return stderr.trim().split("\n");
}

test("--help loads nothing of Weir but the tree of commands: it answers at once", async () => {
  const files = await loaded(["--help"]);
  expect(files.filter((file) => !file.startsWith("node:")).length).toBeGreaterThan(5);
  expect(files.filter((file) => /\/packages\/|apps\/agent|typebox|undici|pino|cli-table3/.test(file))).toEqual([]);
  const tree = /\/(commands|filter-options)\.ts$/;
  const work = /apps\/cli\/src\/(runs|keys|flows|kv|demo|dev|server|agent|connection)\//;
  expect(files.filter((file) => work.test(file) && !tree.test(file))).toEqual([]);
});
