import { execFileSync } from "node:child_process";
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { DATA_CLASSES, type DataClass, DEFAULT_ACTIONS } from "@weir/protocol";
import { expect, test } from "vitest";
import { readPolicy } from "./find-policy.ts";
import { DEFAULT_POLICY } from "./policy.ts";
import {
  ED25519_KEY,
  folderOfTest,
  P256_KEY,
  policyFile,
  policyOf,
  problemsOf,
  X25519_KEY,
} from "./testing/policy-of.ts";

const key = (jwk: object): string => JSON.stringify(jwk);

test.each(["", "# nothing yet\n", "version: 1\n", "version: 1\nclasses:\n  # log: drop\noverrides:\n"])(
  "a file that decides nothing leaves the defaults: %j",
  async (text) => {
    const policy = await policyOf(text);
    for (const dataClass of Object.keys(DATA_CLASSES) as DataClass[])
      expect(policy.actionFor(dataClass, {})).toBe(DEFAULT_ACTIONS[dataClass]);
    const { redaction, logs, recipients, trustedSigners, revokedSigners, codeDirectories } = DEFAULT_POLICY;
    const defaults = { redaction, logs, recipients, trustedSigners, revokedSigners, codeDirectories };
    expect(policy).toMatchObject({ ...defaults, knowsTasks: false, dictionary: null });
  },
);

const WHOLE = `# all of it
version: 1
classes: { parameter: seal, log: drop, exception: id-only, location: pseudonym, run-name: pseudonym, artifact: drop, config: seal }
redact:
  patterns:
    - { name: iban, pattern: "[A-Z]{2}[0-9]{20}" }
  environment: false
  tokens: false
logs: { level: warn, module: ./logs.ts }
seal:
  recipients:
    - { name: ada, jwk: ${key({ ...X25519_KEY, kid: "mine", use: "enc", alg: "ECDH-ES+A256KW" })} }
    - { name: bob, file: keys/bob.json }
sign:
  trustedSigners:
    - { name: pipeline, jwk: ${key(ED25519_KEY)} }
  revoked: [${"A".repeat(43)}]
code: { directories: [flows, /srv/flows] }
locations: { dictionary: names }
`;

test("everything that a file may say is read, paths from the file's own folder", async () => {
  const folder = folderOfTest();
  mkdirSync(join(folder, "keys"));
  mkdirSync(join(folder, "true"));
  symlinkSync("true", join(folder, "flows"));
  writeFileSync(join(folder, "keys/bob.json"), key({ ...P256_KEY, ext: true }));
  const policy = await policyOf(WHOLE, folder);
  expect(policy).toMatchObject({
    source: join(folder, "weir.boundary.yaml"),
    knowsTasks: false,
    recipients: [
      { name: "ada", jwk: X25519_KEY },
      { name: "bob", jwk: P256_KEY },
    ],
    trustedSigners: [{ name: "pipeline", jwk: ED25519_KEY }],
    revokedSigners: ["A".repeat(43)],
    redaction: { patterns: [{ name: "iban", pattern: "[A-Z]{2}[0-9]{20}" }], environment: false, tokens: false },
    logs: { level: "warn", module: join(folder, "logs.ts") },
    codeDirectories: [join(realpathSync(folder), "true"), "/srv/flows"],
    dictionary: join(folder, "names"),
  });
  expect(policy.recipients[0]?.jwk).toEqual(X25519_KEY);
  expect(policy.actionFor("exception", { project: "p", flow: "f", task: "t" })).toBe("id-only");
  expect(policy.lineOf?.(["sign", "trustedSigners"])).toBe(15);
});

const MISTAKES = `version: 2
clases: {}
classes:
  log: snd
  parameter: redact
  exception:
  metadata: drop
  constructor: drop
redact:
  environment: yes
  patterns: { name: x }
logs:
  level: loud
  level_: warn
code:
  directories: []
recipients: []
overrides:
  - classes: { log: drop }
  - flow: ""
    task: 12
  - { flow: pay, classes: {} }
  - nonsense
`;

test("all that is wrong is told at once, each with line, column, what is wrong and what is allowed", async () => {
  expect(await problemsOf(MISTAKES)).toEqual([
    "1:10: version is 2, and this Weir reads 1 only.",
    '2:1: this file has the key "clases", which means nothing here. Did you mean "classes"? Allowed: version, classes, redact, logs, seal, sign, code, locations, overrides.',
    '4:8: classes.log is "snd"; it takes send, redact, seal or drop. Did you mean "send"?',
    '5:14: classes.parameter cannot be "redact", which this class of data does not take; it takes send, seal or drop.',
    "6:13: classes.exception must be one of send, redact, seal, id-only or drop.",
    '7:3: classes has the key "metadata": metadata (ids, states, times, names of flows and tasks) always crosses; without it there would be nothing to schedule.',
    '8:3: classes has the key "constructor", which means nothing here. Allowed: parameter, log, exception, location, run-name, artifact, config.',
    '10:16: redact.environment must be true or false, not "yes".',
    "11:13: redact.patterns must be a list: entries that begin with a dash.",
    '13:10: logs.level is "loud"; it takes trace, debug, info, warn, error or fatal.',
    '14:3: logs has the key "level_", which means nothing here. Did you mean "level"? Allowed: level, module.',
    "16:16: code.directories is empty; leave it away, or give an entry.",
    '17:1: this file has the key "recipients": recipients stand under "seal".',
    '19:5: overrides[0] names neither project, flow nor task. What is for all stands under "classes".',
    '20:5: overrides[1] lacks the key "classes".',
    "20:11: overrides[1].flow is an empty text.",
    '21:11: overrides[1].task must be a text, not 12. Put it into quotes: "12".',
    "22:27: overrides[2].classes says nothing about any class of data.",
    "23:5: overrides[3] must be a mapping: keys with their values, one a line.",
  ]);
});

test("the sentence of the error names the file before each line", async () => {
  const path = policyFile("version: 1\nlog: drop\nlogz: 1\n");
  await expect(readPolicy(path)).rejects.toThrow(`${path}:2:1: this file has the key "log"`);
  await expect(readPolicy(path)).rejects.toThrow(`\n${path}:3:1: this file has the key "logz"`);
});

test.each([
  ["a key twice", "version: 1\nclasses: { log: drop, log: send }\n", "2:23: this key stands here twice"],
  ["a tag", "version: 1\nclasses: !relaxed { log: drop }\n", "2:10: tags (!…) are not used"],
  ["a known tag", "version: !!str 1\n", "1:16: tags (!…) are not used"],
  ["an anchor", "version: 1\nclasses: &all { log: drop }\n", "2:15: anchors (&all) are not used"],
  ["an alias of nothing", "version: 1\nclasses: *all\n", "2:10: aliases (*all) are not used"],
  ["a merge", "version: 1\nclasses: { <<: { log: drop } }\n", '2:12: classes has the key "<<"'],
  ["a second document", "version: 1\n---\nversion: 1\n", "2:1: a second document begins here"],
  ["another YAML", "%YAML 1.1\n---\nversion: 1\n", "1:1: %YAML 1.1 is not read"],
  ["a tab", "classes:\n\tlog: drop\n", "2:1: a tab stands where spaces must"],
  ["a quote that does not end", "version: '1\n", "2:1: this is no YAML"],
  ["a key that is no word", "? [a]\n: 1\n", "1:3: a key must be a plain word"],
  ["a list", "- version: 1\n", "1:1: the file must be a mapping"],
  ["a word", "drop\n", "1:1: the file must be a mapping"],
  ["no version", "classes: { log: drop }\n", '1:1: the file lacks the key "version"'],
])("%s is refused", async (_what, text, problem) => {
  const [first] = await problemsOf(text);
  expect(first).toContain(problem);
});

/** Nine aliases of nine of nine …: a thousand million texts of a few lines. */
const BOMB = Array.from(
  { length: 10 },
  (_, index) =>
    `k${index}: &a${index} [${Array.from({ length: 9 }, () => (index === 0 ? "x" : `*a${index - 1}`)).join(", ")}]`,
).join("\n");

test("a bomb of aliases is refused before it goes off, and nesting without end too", async () => {
  expect((await problemsOf(BOMB))[0]).toContain("1:9: anchors (&a0) are not used");
  const deep = await problemsOf(`version: ${"[".repeat(100_000)}`);
  expect(deep[0]).toContain("this is nested too deeply");
  expect(deep.length).toBeLessThan(10);
});

test.each([
  ["is larger than any policy", (folder: string) => policyFile("#".repeat(300 * 1024), folder), "has 307200 bytes"],
  ["is no text", (folder: string) => policyFile(new Uint8Array([0x61, 0xff, 0xfe]), folder), "is no UTF-8 text"],
  ["is a directory", (folder: string) => folder, "is no file"],
  ["is not there", (folder: string) => join(folder, "gone.yaml"), "is not there. Nothing is sent without it"],
  ["is a pipe that nobody writes to", madePipe, "is no file"],
])("a file that %s is refused as a whole", async (_what, make, sentence) => {
  const path = make(folderOfTest());
  await expect(readPolicy(path)).rejects.toMatchObject({ name: "PolicyError", path, problems: [] });
  await expect(readPolicy(path)).rejects.toThrow(sentence);
});

function madePipe(folder: string): string {
  const path = join(folder, "weir.boundary.yaml");
  execFileSync("mkfifo", [path]);
  return path;
}

test("the folder of a policy file may be a link; its paths are from where it was found", async () => {
  const folder = folderOfTest();
  const path = policyFile("version: 1\nlocations: { dictionary: names }\n", folder);
  const other = folderOfTest();
  symlinkSync(path, join(other, "linked.yaml"));
  expect((await readPolicy(join(other, "linked.yaml"))).dictionary).toBe(join(dirname(join(other, "x")), "names"));
});
