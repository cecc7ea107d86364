import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type ChildPlaces, permissionArgs } from "./child-permission.ts";

const NONE = { features: [], read: [], write: [] };

/** A flow beside an SDK that is linked from elsewhere, as in a workspace, and that depends on a package which is linked as well. */
function setPlaces(): ChildPlaces & { readonly root: string } {
  const root = realpathSync(mkdtempSync(join(tmpdir(), "weir-places-")));
  onTestFinished(() => rmSync(root, { recursive: true }));
  const put = (path: string, text: string): void => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  put("flows/package.json", "{}");
  put("flows/flow.ts", "");
  put("flows/.weir/agent/journal.db", "");
  put("flows/.weir/results/1.json", "");
  put("flows/key", "");
  put("packages/sdk/package.json", JSON.stringify({ name: "@weir/sdk", dependencies: { other: "1" } }));
  put("packages/sdk/child.js", "");
  put("packages/other/package.json", JSON.stringify({ name: "other" }));
  for (const at of ["flows/node_modules/@weir", "packages/sdk/node_modules"])
    mkdirSync(join(root, at), { recursive: true });
  symlinkSync(join(root, "packages/sdk"), join(root, "flows/node_modules/@weir/sdk"));
  symlinkSync(join(root, "packages/other"), join(root, "packages/sdk/node_modules/other"));
  return {
    root,
    directory: join(root, "flows"),
    entry: join(root, "packages/sdk/child.js"),
    results: join(root, "flows/.weir/results"),
    scratch: join(root, "scratch"),
    closed: [],
  };
}

const granted = (args: readonly string[], way: "read" | "write", root: string): string[] =>
  args.flatMap((arg) =>
    arg.startsWith(`--allow-fs-${way}=${root}/`) ? [arg.slice(`--allow-fs-${way}=${root}/`.length)] : [],
  );

test("a child reads its flow, its packages and the SDK, wherever they truly lie, and writes results and its own folder", () => {
  const places = setPlaces();
  const args = permissionArgs(NONE, places);
  expect(args[0]).toBe("--permission");
  expect(granted(args, "read", places.root)).toEqual(
    expect.arrayContaining(["flows", "packages/sdk", "packages/other", "flows/node_modules", "scratch"]),
  );
  expect(granted(args, "write", places.root)).toEqual(["flows/.weir/results", "scratch"]);
  expect(args.filter((arg) => /^--allow-(?!fs-)/.test(arg))).toEqual([]);
});

test("features and further places are granted as they are named", () => {
  const places = setPlaces();
  const args = permissionArgs({ features: ["net", "worker"], read: ["/srv/in"], write: ["/srv/out"] }, places);
  expect(args).toEqual(
    expect.arrayContaining(["--allow-net", "--allow-worker", "--allow-fs-read=/srv/in", "--allow-fs-write=/srv/out"]),
  );
});

test("what the agent keeps to itself is left out, also below the flow's own directory", () => {
  const places = setPlaces();
  const closed = [join(places.root, "flows/.weir/agent"), join(places.root, "flows/key")];
  const read = granted(permissionArgs({ ...NONE, read: closed }, { ...places, closed }), "read", places.root);
  expect(read).toEqual(expect.arrayContaining(["flows/flow.ts", "flows/.weir/results", "flows/node_modules"]));
  for (const path of ["flows", "flows/.weir", "flows/.weir/agent", "flows/key"]) expect(read).not.toContain(path);
});

test("a place whose name holds a * is refused, because Node takes it for any name", () => {
  const places = setPlaces();
  expect(() => permissionArgs({ ...NONE, read: ["/srv/*"] }, places)).toThrow("/srv/* holds a *");
});
