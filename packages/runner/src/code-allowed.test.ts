import type { FlowStorage } from "@weir/protocol";
import { expect, test } from "vitest";
import { codeNotAllowed } from "./code-allowed.ts";

const files = { codeDigest: "0".repeat(64), files: [] };
const local = (directory: string, entry = "a.ts"): FlowStorage => ({ kind: "local", directory, entry, ...files });

/** A disk with one link: what is below /flows/link lies in /elsewhere. */
const truth = (path: string): string | null =>
  path.includes("missing") ? null : path.replace("/flows/link", "/elsewhere").replace(/\/[^/]+\/\.\./g, "");

const codeOf = (storage: FlowStorage, directories: readonly string[] | null = ["/flows", "/more/flows"]) =>
  codeNotAllowed(storage, directories, truth)?.code;

test("code below an allowed directory may be read, and in the directory itself", () => {
  expect(codeOf(local("/flows"))).toBe(undefined);
  expect(codeOf(local("/flows/deep/er", "flows/a.ts"))).toBe(undefined);
  expect(codeOf(local("/more/flows"))).toBe(undefined);
  expect(codeOf({ kind: "stored", location: "/flows/stored", entry: "a.ts", ...files })).toBe(undefined);
});

test("code elsewhere, beside, above, behind a link, or nowhere may not", () => {
  const elsewhere = ["/", "/flows-and-more", "/more", "/flows/../etc", "/flows/link", "/flows/missing", "/elsewhere"];
  for (const directory of elsewhere) expect([directory, codeOf(local(directory))]).toEqual([directory, "NOT_ALLOWED"]);
  expect(codeOf(local("/flows", "link/a.ts"))).toBe("NOT_ALLOWED");
  expect(codeOf({ kind: "stored", location: "/elsewhere", entry: "a.ts", ...files })).toBe("NOT_ALLOWED");
  expect(codeOf(local("/flows"), [])).toBe("NOT_ALLOWED");
  expect(codeOf(local("/missing"), ["/missing"])).toBe("NOT_ALLOWED");
});

test("what is no path is looked for nowhere, also where no policy names directories", () => {
  for (const storage of [
    local("flows"),
    local("."),
    local("/flows\0"),
    local("/flows", "../a.ts"),
    local("/flows", "/a.ts"),
  ])
    expect(codeOf(storage, null)).toBe("NOT_ALLOWED");
  expect(codeOf(local("/anywhere"), null)).toBe(undefined);
});
