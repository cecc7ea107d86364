import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { DEFAULT_POLICY, type Policy, POLICY_FILE, readPolicy } from "@weir/gate";
import type { BoundaryAction, DataClass } from "@weir/protocol";
import type { PrivateJwk } from "@weir/protocol/seal";
import type { Io } from "../io.ts";
import type { Hiding } from "./channels.ts";

/** A policy that is proved: what it says of each class, and how programs are told of it. */
export interface ProofPolicy {
  readonly name: string;
  readonly actionFor: (dataClass: DataClass) => BoundaryAction;
  /** What it hides beyond what it says of classes. */
  readonly hides: ReadonlySet<Hiding>;
  readonly env: Readonly<Record<string, string>>;
  /** Private keys of a reader of what is sealed. */
  readonly readers: readonly PrivateJwk[];
}

/** Makes a policy's files in the folder of a user's side. */
export type PolicyMaker = (directory: string) => Promise<ProofPolicy>;

/** What holds where there is no policy file. */
export const defaultPolicy: PolicyMaker = async () => proofPolicy("default", DEFAULT_POLICY, {});

/** As little as can be, with redaction where log lines must go on being of use. */
const STRICT = `version: 1
classes:
  parameter: drop
  log: redact
  exception: id-only
  location: pseudonym
  run-name: pseudonym
  artifact: drop
redact:
  patterns:
    - name: customer number
      pattern: customer [A-Za-z0-9-]+
logs:
  level: info
overrides:
  - flow: hushed
    classes:
      log: drop
`;

const SEALED_CLASSES = ["parameter", "log", "exception", "location", "run-name", "artifact", "config"] as const;

export const strictPolicy: PolicyMaker = async (directory) => {
  const file = join(directory, POLICY_FILE);
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeFileSync(file, STRICT);
  const hides = new Set(["pattern", "level", "flow"] as const);
  return { ...proofPolicy("strict", await readPolicy(file), { WEIR_BOUNDARY_FILE: file }), hides };
};

/** Everything that can be sealed is sealed, for the agents and for one reader. */
export const sealedPolicy: PolicyMaker = async (directory) => {
  const { generateSealKey, publicHalf } = await import("@weir/protocol/seal");
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const [inside, reader] = [await generateSealKey(), await generateSealKey("P-256")];
  const write = (name: string, content: unknown): string => {
    const file = join(directory, name);
    writeFileSync(file, JSON.stringify(content), { mode: 0o600 });
    return file;
  };
  const policyFile = join(directory, POLICY_FILE);
  write("reader.pub.json", publicHalf(reader));
  const classes = SEALED_CLASSES.map((dataClass) => `  ${dataClass}: seal\n`).join("");
  const recipients = "seal:\n  recipients:\n    - name: reader\n      file: reader.pub.json\n";
  writeFileSync(policyFile, `version: 1\nclasses:\n${classes}${recipients}`);
  const recipient = { name: "reader", jwk: publicHalf(reader) };
  const trust = { version: 1, inside: publicHalf(inside), recipients: [recipient], signers: [] };
  const env = {
    WEIR_BOUNDARY_FILE: policyFile,
    WEIR_AGENT_SEAL_KEY_FILE: write("inside.json", inside),
    WEIR_TRUST_FILE: write("weir.trust.json", trust),
  };
  return { ...proofPolicy("sealed", await readPolicy(policyFile), env), readers: [reader] };
};

/**
 * The user's own, with the keys that the environment names; those that open must open what is sealed. What it hides beyond classes is not
 * known, so its table shows what it says of them.
 */
export const policyOfFile = (file: string, place: Pick<Io, "env" | "cwd">): PolicyMaker => {
  return async () => {
    const given = Object.entries(place.env).filter(([name]) =>
      /^WEIR_(TRUST|AGENT_(SEAL|HMAC|SIGN)_KEY)_FILE$/.test(name),
    );
    const files = given.flatMap(([name, value]) => (value ? [[name, resolve(place.cwd, value)] as const] : []));
    const { ownKeys } = await import("../seal/key-files.ts");
    const readers = await ownKeys(place);
    const env = { ...Object.fromEntries(files), WEIR_BOUNDARY_FILE: file };
    return { ...proofPolicy("yours", await readPolicy(file), env), readers };
  };
};

function proofPolicy(name: string, policy: Policy, env: ProofPolicy["env"]): ProofPolicy {
  // Of a flow and task that no entry of the file means: what one of the scenario's is treated otherwise for stands in `hides`.
  const origin = { project: "proof", flow: "work", task: "work" };
  const actionFor = (dataClass: DataClass): BoundaryAction => policy.actionFor(dataClass, origin);
  return { name, actionFor, hides: new Set(), env, readers: [] };
}
