import type { Part } from "../parts.ts";

/** One step of the user's side, taken out. */
export interface Mutant {
  readonly name: string;
  readonly policy: "default" | "strict" | "sealed";
  /** What of the scenario shows it. */
  readonly part: Part;
  /** Channel that shows it, or `ledger`. */
  readonly shows: string;
  /** How: it is found where it must not be, or is missing, or does not open, or is not kept. */
  readonly as: "leak" | "missing" | "closed" | "lost";
  /** From the repository's root. */
  readonly file: string;
  /** Each text stands in the file once. */
  readonly edits: readonly (readonly [from: string, to: string])[];
}

const mutant = (
  name: string,
  [policy, part, shows, as = "leak"]: readonly [Mutant["policy"], Part, string, Mutant["as"]?],
  file: string,
  ...edits: Mutant["edits"]
): Mutant => ({ name, policy, part, shows, as, file, edits });

const SHAPES = "packages/gate/src/redaction/shapes.ts";
const REDACTOR = "packages/gate/src/redaction/redactor.ts";
const TREATMENT = "packages/gate/src/treatment/treatment.ts";
const TEXTS = "packages/gate/src/treatment/texts.ts";
const JSONS = "packages/gate/src/treatment/jsons.ts";
const FAILURES = "packages/gate/src/treatment/failures.ts";
const TOLD = "packages/gate/src/treatment/told.ts";
const GATE = "packages/gate/src/gate.ts";
const SCOPE = "packages/gate/src/scope/decisions.ts";
const LEDGER = "packages/gate/src/ledger/ledger.ts";

/** What redaction knows. */
const REDACTION: readonly Mutant[] = [
  mutant("no hex", ["default", "work", "secretLog"], SHAPES, ["      ...hexShapes(bytes),\n", ""]),
  mutant("no bytes as numbers", ["default", "work", "secretLog"], SHAPES, ["      ...decimalShapes(bytes),\n", ""]),
  mutant("no base64", ["default", "work", "secretLog"], SHAPES, ["      ...base64Shapes(bytes),\n", ""]),
  mutant("no JSON escapes", ["default", "work", "secretLog"], SHAPES, ["      ...jsonShapes(value),\n", ""]),
  mutant("no URL escapes", ["default", "work", "secretLog"], SHAPES, ["      ...percentShapes(value),\n", ""]),
  mutant("no HTML escapes", ["default", "work", "secretLog"], SHAPES, ["      ...htmlShapes(value),\n", ""]),
  mutant("no shell escapes", ["default", "work", "secretLog"], SHAPES, ["      ...shellShapes(value),\n", ""]),
  mutant(
    "borders of texts are not looked across",
    ["default", "work", "secretFolded"],
    REDACTOR,
    [
      "    const strikes = new Strikes();\n",
      "    if (texts.length > 1) return texts.map((text) => this.redact(text));\n    const strikes = new Strikes();\n",
    ],
    ["    this.#strikePieces(texts, whole, strikes);\n", ""],
  ),
  mutant("no tokens of known formats", ["default", "work", "secretToken"], REDACTOR, [
    "if (this.#tokens) strikes.addAll",
    "if (!this.#tokens) strikes.addAll",
  ]),
  mutant("no patterns of the user", ["strict", "work", "patternLine"], REDACTOR, [
    "this.#patterns = patterns.map(compilePattern);",
    "this.#patterns = patterns.slice(0, 0).map(compilePattern);",
  ]),
  mutant(
    "no secrets of the environment",
    ["default", "work", "secretVariable"],
    "packages/gate/src/redaction/secrets-of-environment.ts",
    ["values.filter((value)", "values.slice(0, 0).filter((value)"],
  ),
  mutant("no secrets that flows name", ["default", "work", "secretLog"], "packages/runner/src/child-session.ts", [
    'if (message.kind === "secrets") this.#gate.addSecrets(message.values);',
    'if (message.kind === "secrets") return;',
  ]),
];

/** What is done by class. */
const CLASSES: readonly Mutant[] = [
  mutant("run names are no class", ["default", "work", "secretRunName"], "packages/gate/src/plan.ts", [
    'if (dataClass === "metadata") return null;',
    'if (dataClass === "metadata" || dataClass === "run-name") return null;',
  ]),
  mutant("causes are let through", ["default", "fails", "secretCause"], FAILURES, [
    "const [inner] = cause === undefined ? [] : listOf([cause], depth, reading);",
    "const [inner] = cause === undefined ? [] : [cause as Failure];",
  ]),
  mutant("aggregate errors are let through", ["default", "fails", "secretAggregate"], FAILURES, [
    "Array.isArray(errors) ? listOf(errors, depth, reading) : []",
    "Array.isArray(errors) ? (errors as Failure[]) : []",
  ]),
  mutant("the agent's own lines are let through", ["sealed", "work", "agentLine"], TREATMENT, [
    "    this.#actions = this.#means.subject.actionsFor(event);\n",
    '    if (fieldsOf(event)?.["logger"] === "weir") return event;\n    this.#actions = this.#means.subject.actionsFor(event);\n',
  ]),
  mutant("what is printed is let through", ["sealed", "work", "consoleLine"], TREATMENT, [
    "    this.#actions = this.#means.subject.actionsFor(event);\n",
    '    this.#actions = this.#means.subject.actionsFor(event);\n    if (fieldsOf(event)?.["logger"] === "stdout") this.#actions = { ...this.#actions, log: "redact" };\n',
  ]),
  mutant("digests are not keyed", ["default", "work", "cachedDigest"], TREATMENT, [
    "return this.#means.keyed.digest(value);",
    "return value;",
  ]),
  mutant("log lines are not sealed", ["sealed", "work", "logLine"], TEXTS, [
    "      return sealedText(text, place, means);",
    '      return place.dataClass === "log" ? sentText(text, place, means) : sealedText(text, place, means);',
  ]),
  mutant("locations are not sealed", ["sealed", "work", "location"], TEXTS, [
    "      return sealedText(text, place, means);",
    '      return place.dataClass === "location" ? sentText(text, place, means) : sealedText(text, place, means);',
  ]),
  mutant("parameters are not sealed", ["sealed", "work", "parameter"], JSONS, [
    '  if (action === "send") {\n',
    '  if (action !== "drop") {\n',
  ]),
  mutant("artifacts are not sealed", ["sealed", "work", "artifactMarkdown"], JSONS, [
    "  return { [SEALED_JSON]: sealed };",
    "  return value;",
  ]),
  mutant("failures are not sealed", ["sealed", "fails", "errorMessage"], TOLD, [
    '  return { ...failureInstead("Sealed", SEALED_SENTENCE, failure), sealed };',
    "  return readFailure(failure, plainText, room);",
  ]),
  mutant("the place of the code is not sealed", ["sealed", "work", "config"], TREATMENT, [
    'if (this.#actions.config === "send") {',
    'if (this.#actions.config !== "drop") {',
  ]),
  mutant("pseudonyms are the text itself", ["strict", "work", "location"], TEXTS, [
    "const pseudonym = keyed.pseudonym(text);",
    "const pseudonym = text;",
  ]),
  mutant("by id only, and the text too", ["strict", "fails", "errorMessage"], TOLD, [
    'failureInstead("Withheld", sentence, failure),\n  );',
    "readFailure(failure, plainText, LIMITS.artifactBytes),\n  );",
  ]),
  mutant("what is to be dropped is let through", ["default", "asked", "askedMessage"], TOLD, [
    '    return failureInstead("Withheld", WITHHELD, failure);',
    "    return readFailure(failure, plainText, LIMITS.artifactBytes);",
  ]),
  mutant("what flows ask for is not heard", ["default", "asked", "askedLine"], SCOPE, [
    "decide(this.#policy, dataClass, origin, this.#requests)",
    "decide(this.#policy, dataClass, origin, [])",
  ]),
  mutant("overrides are not read", ["strict", "hushed", "hushedLine"], "packages/gate/src/policy/entries.ts", [
    "if (action === undefined || !fitsOrigin(entry, origin)) continue;",
    "if (action === undefined || !fitsOrigin(entry, origin) || !isBase(entry)) continue;",
  ]),
  mutant(
    "lines below the level are let through",
    ["strict", "work", "debugLine"],
    "packages/gate/src/logs/admission.ts",
    ["return level !== null && LOG_LEVELS[line.level] < LOG_LEVELS[level];", "return false;"],
  ),
  mutant(
    "what a killed agent left has no scope",
    ["default", "left", "leftMessage"],
    "packages/runner/src/found-journals.ts",
    ["o.gate.openRun(run.facts)", "o.gate.openRun({ ...run.facts, requests: [] })"],
  ),
  mutant("sent, and not in the ledger", ["default", "hushed", "ledger"], GATE, [
    "    this.#ledger?.append(entry, text, bytes);\n",
    '    if (message !== "report") this.#ledger?.append(entry, text, bytes);\n',
  ]),
];

/** Who would be left with nothing: a gate that lets out too little, or what nobody can read, fails too. */
const TOO_MUCH: readonly Mutant[] = [
  mutant(
    "the reader is no recipient",
    ["sealed", "hushed", "hushedLine", "closed"],
    "packages/gate/src/sealing/recipients.ts",
    [
      "return [publicHalf(newest), ...(await Promise.all(readers))];",
      "return [publicHalf(newest), ...(await Promise.all(readers)).slice(0, 0)];",
    ],
  ),
  mutant("all log lines are dropped", ["default", "hushed", "hushedLine", "missing"], SCOPE, [
    "decide(this.#policy, dataClass, origin, this.#requests)",
    'dataClass === "log" ? "drop" : decide(this.#policy, dataClass, origin, this.#requests)',
  ]),
  mutant("what pseudonyms stand for is not kept", ["strict", "work", "runName", "lost"], GATE, [
    "    if (crossing.pseudonyms.size > 0) await this.#write(crossing.pseudonyms);\n",
    "",
  ]),
  mutant("texts behind ids are not kept", ["strict", "fails", "errorMessage", "lost"], GATE, [
    "    this.#errors?.keep(crossing.errors.values());\n",
    "",
  ]),
  mutant("the ledger hashes something else", ["default", "hushed", "ledger"], LEDGER, [
    "this.#line(entry, sha256(body), bytes);",
    "this.#line(entry, sha256(body.trim() + entry.message), bytes);",
  ]),
];

/** All mutants. */
export const MUTANTS: readonly Mutant[] = [...REDACTION, ...CLASSES, ...TOO_MUCH];

/** Those that every check plays: one of each kind of step. `pnpm prove:mutants` plays all. */
export const CHOSEN: readonly string[] = [
  "no base64",
  "no JSON escapes",
  "borders of texts are not looked across",
  "no tokens of known formats",
  "no secrets of the environment",
  "causes are let through",
  "the agent's own lines are let through",
  "digests are not keyed",
  "log lines are not sealed",
  "parameters are not sealed",
  "pseudonyms are the text itself",
  "by id only, and the text too",
  "what flows ask for is not heard",
  "overrides are not read",
  "what a killed agent left has no scope",
  "sent, and not in the ledger",
  "the ledger hashes something else",
  "the reader is no recipient",
  "all log lines are dropped",
  "texts behind ids are not kept",
];
