import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { BOUNDARY_ACTIONS, CLASS_ACTIONS, DEFAULT_ACTIONS } from "@weir/protocol";
import { expect, test } from "vitest";
import { POLICY_CLASSES, policySchemaText } from "./policy-schema.ts";
import { ED25519_KEY, folderOfTest, problemsOf, X25519_KEY } from "./testing/policy-of.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../../../docs/boundary.md"), "utf8");
const files = [...page.matchAll(/```yaml\n([^]*?)```/g)].map(([, text = ""]) => text);

test("every file on the page of the policy is right as it stands", async () => {
  const folder = folderOfTest();
  mkdirSync(join(folder, "keys"));
  writeFileSync(join(folder, "keys/ada.pub.json"), JSON.stringify({ kty: "OKP", crv: "X25519", x: ED25519_KEY.x }));
  writeFileSync(join(folder, "keys/pipeline.pub.json"), JSON.stringify(ED25519_KEY));
  expect(files.length).toBeGreaterThan(6);
  expect(page).toContain(X25519_KEY.x);
  for (const text of files) expect(await problemsOf(text, folder), text).toEqual([]);
});

interface Section {
  readonly properties?: Readonly<Record<string, unknown>>;
}

test("the files on the page have every key that there is", () => {
  const { properties } = JSON.parse(policySchemaText()) as { properties: Record<string, Section> };
  const named = Object.entries(properties).flatMap(([section, inner]) =>
    section === "classes" ? [section] : [section, ...Object.keys(inner.properties ?? {})],
  );
  for (const key of named) expect(files.join(), key).toMatch(new RegExp(`^\\s*(- )?${key}:`, "m"));
});

test("the table of the page says which actions each class takes, and its default", () => {
  const cells = (line: string): string[] =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", ""));
  const lines = page.split("\n").filter((line) => line.startsWith("|"));
  const [, , ...head] = cells(lines[0] ?? "");
  expect(head).toEqual([...Object.keys(BOUNDARY_ACTIONS), "default"]);
  for (const [index, dataClass] of POLICY_CLASSES.entries()) {
    const [name, , ...rest] = cells(lines[index + 2] ?? "");
    const taken: readonly string[] = CLASS_ACTIONS[dataClass];
    const expected = Object.keys(BOUNDARY_ACTIONS).map((action) => (taken.includes(action) ? "yes" : ""));
    expect([name, ...rest]).toEqual([dataClass, ...expected, DEFAULT_ACTIONS[dataClass]]);
  }
});
