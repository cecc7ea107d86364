import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { SENDERS } from "./senders.ts";

/** What was learnt while the tests of {@link SENDERS} ran. */
export interface SentScopes {
  /** By the names of scopes that make a difference: a test that sent the statement. */
  readonly needed: ReadonlyMap<string, string>;
  /** Statements that saw another tenant's rows in a table, or twins of their own. */
  readonly open: readonly { readonly statement: string; readonly what: string }[];
}

type Finding = { needed: string; in: string } | { open: string; what: string } | { failed: string };

/**
 * Runs the tests that send the cloud's statements, each tried out before it is sent (see scope-probe.ts).
 * @param root of a checkout, or of a copy
 * @throws when the tests could not be run, with what they said
 */
export async function trySentScopes(root: string): Promise<SentScopes> {
  const directory = mkdtempSync(join(tmpdir(), "weir-scopes-"));
  const file = join(directory, "findings.jsonl");
  writeFileSync(file, "");
  try {
    await runSenders(root, file);
    const findings = readFileSync(file, "utf8")
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Finding);
    return {
      needed: new Map(findings.flatMap((finding) => ("needed" in finding ? [[finding.needed, finding.in]] : []))),
      open: findings.flatMap((finding) => ("open" in finding ? [{ statement: finding.open, what: finding.what }] : [])),
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function runSenders(root: string, findings: string): Promise<void> {
  // Not the outer run's own.
  const own = Object.entries(process.env).filter(([name]) => !/^(VITEST|TEST$|NODE_ENV$|TINYPOOL)/.test(name));
  const script = join(root, "apps/cloud-api/src/testing/guards/scopes/try-scopes.ts");
  const child = spawn(process.execPath, [script, ...SENDERS], {
    cwd: root,
    env: { ...Object.fromEntries(own), WEIR_SCOPE_FINDINGS: findings, NO_COLOR: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [said, [code]] = await Promise.all([
    text(child.stdout),
    once(child, "exit") as Promise<[number | null]>,
    text(child.stderr),
  ]);
  if (code === 0) return;
  if (readFileSync(findings, "utf8") === "")
    throw new Error(`The tests that send the cloud's statements could not be run:\n${said.slice(-4_000)}`);
  // One that misses its time on a busy machine voids nothing that the others found, but what it would have sent was not tried.
  console.log(`SOME OF THE TESTS THAT SEND STATEMENTS FAILED; run it again:\n${said.slice(-4_000)}`);
  process.exitCode = 1;
}
