import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateKeyPairSync } from "node:crypto";
import { findPolicy, type Policy, POLICY_FILE } from "@weir/gate";
import { DEFAULT_ACTIONS } from "@weir/protocol";
import { expect, onTestFinished, test } from "vitest";
import { policyNotes } from "./notes.ts";
import { policyTemplate } from "./template.ts";

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), "weir template "));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
}

async function read(text: string, directory = folder()): Promise<Policy> {
  writeFileSync(join(directory, POLICY_FILE), text);
  return await findPolicy(directory, {});
}

const said = (policy: Policy) => policy.entries?.[0]?.classes;

test("the defaults that it spells out are the defaults", async () => {
  const { metadata: _metadata, digest: _digest, ...defaults } = DEFAULT_ACTIONS;
  const policy = await read(policyTemplate("./schema.json", false));
  expect(said(policy)).toEqual(defaults);
  expect(policy.redaction).toEqual({ patterns: [], environment: true, tokens: true });
});

test("of the strict one the cloud can read nothing but metadata, and every class is spoken of", async () => {
  const classes = said(await read(policyTemplate("./schema.json", true))) ?? {};
  expect(Object.keys(classes).sort()).toEqual([
    "artifact",
    "config",
    "exception",
    "location",
    "log",
    "parameter",
    "run-name",
  ]);
  for (const action of Object.values(classes)) expect(["seal", "id-only", "pseudonym", "drop"]).toContain(action);
});

test("editors find the schema by its first line", () => {
  expect(policyTemplate("./schema.json", false)).toMatch(/^# yaml-language-server: \$schema=\.\/schema\.json\n/);
});

/** Takes the `#` from the lines that hold YAML, as a person would. */
function uncommented(text: string): string {
  return text
    .split("\n")
    .map((line) => (/^\s*# +(- )?[a-zA-Z]+:( |$)/.test(line) ? line.replace("# ", "") : line))
    .join("\n");
}

test("what stands in comments is right too, once the marks are taken away", async () => {
  const directory = folder();
  mkdirSync(join(directory, "keys"));
  mkdirSync(join(directory, "flows"));
  writeFileSync(join(directory, "boundary-logs.ts"), "");
  const write = (name: string, type: "x25519" | "ed25519") => {
    const { publicKey } = type === "x25519" ? generateKeyPairSync("x25519") : generateKeyPairSync("ed25519");
    writeFileSync(join(directory, "keys", name), JSON.stringify(publicKey.export({ format: "jwk" })));
  };
  write("ada.pub.json", "x25519");
  write("pipeline.pub.json", "ed25519");
  const policy = await read(uncommented(policyTemplate("./schema.json", false)), directory);
  expect(policy).toMatchObject({
    redaction: { patterns: [{ name: "customer-number" }] },
    logs: { level: "info" },
    recipients: [{ name: "ada" }],
    trustedSigners: [{ name: "pipeline" }],
    dictionary: "/srv/weir/locations",
  });
  expect(policy.entries).toHaveLength(2);
  expect(policyNotes(policy)).toEqual([]);
});
