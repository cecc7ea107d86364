import { closeSync, constants, fstatSync, openSync, readFileSync, realpathSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { BoundaryClasses, DataClass } from "@weir/protocol";
import type { Node } from "yaml";
import { actionOf } from "./entries.ts";
import type { Policy, PolicyEntry } from "./policy.ts";
import { ended, PolicyError, type PolicyProblem } from "./policy-error.ts";
import { PolicyDocument } from "./policy-schema.ts";
import { shapeOf } from "./policy-shape.ts";
import { readKeys, SEALING, SIGNING } from "./public-keys.ts";
import { nodeAt, type Path, readYaml, shownPath, type YamlSource } from "./yaml-source.ts";

/** Far more than 500 overrides need; what is larger is no policy file. */
const MOST_BYTES = 256 * 1024;

const EMPTY: PolicyDocument = { version: 1 };

/**
 * Reads a policy file as a whole and says everything that is wrong with it at once.
 * @throws PolicyError
 */
export async function readPolicyFile(path: string): Promise<Policy> {
  const source = resolve(path);
  const yaml = readYaml(textOf(source));
  if (yaml.problems.length > 0) throw new PolicyError(source, yaml.problems);
  if (yaml.root === null) return new FilePolicy(source, EMPTY, yaml, { recipients: [], trustedSigners: [] });
  const problems = new Problems(yaml);
  const shape = shapeOf(PolicyDocument, yaml.root, (at, message) => problems.at(at, message));
  // Of a file that is not of the right shape, what fits is looked at all the same, so that nobody must mend it piece by piece.
  const document = { ...EMPTY, ...(shape as Partial<PolicyDocument> | undefined) };
  const keys = checkedKeys(document, dirname(source), problems);
  await checkPatterns(document, problems);
  checkOverrides(document, problems);
  if (problems.all.length > 0) throw new PolicyError(source, problems.sorted());
  return new FilePolicy(source, document, yaml, keys);
}

function textOf(path: string): string {
  let file: number;
  try {
    // A pipe of that name would keep an agent waiting for ever.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? "");
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) throw new PolicyError(path, `The boundary policy ${path} is no file.`);
    if (found.size > MOST_BYTES)
      throw new PolicyError(path, `The boundary policy ${path} has ${found.size} bytes; the most is ${MOST_BYTES}.`);
    return new TextDecoder("utf-8", { fatal: true }).decode(readFileSync(file));
  } catch (error) {
    if (error instanceof PolicyError) throw error;
    throw error instanceof TypeError
      ? new PolicyError(path, `The boundary policy ${path} is no UTF-8 text.`)
      : unreadable(path, (error as NodeJS.ErrnoException).code ?? "");
  } finally {
    closeSync(file);
  }
}

function unreadable(path: string, code: string): PolicyError {
  const why = code === "ENOENT" ? "is not there" : `cannot be read (${code})`;
  return new PolicyError(
    path,
    `The boundary policy ${path} ${why}. Nothing is sent without it: what it would withhold is not known. Mend the path, or unset WEIR_BOUNDARY_FILE to use the nearest weir.boundary.yaml.`,
  );
}

class Problems {
  readonly all: PolicyProblem[] = [];
  readonly #offsets: number[] = [];
  readonly #yaml: YamlSource;

  constructor(yaml: YamlSource) {
    this.#yaml = yaml;
  }

  at(node: Node | null, message: string): void {
    const offset = node?.range?.[0] ?? 0;
    this.#offsets.push(offset);
    this.all.push({ ...this.#yaml.positionOf(offset), message: ended(message) });
  }

  /** Of a place inside which something is wrong already, no more is told: the one may come from the other. */
  readonly atPath = (path: Path, message: string): void => {
    const { key, value } = nodeAt(this.#yaml.root, path);
    const [from = 0, to = 0] = value?.range ?? [];
    if (this.#offsets.some((offset) => offset >= from && offset < to)) return;
    this.at(value ?? key, `${shownPath(path)} ${message}`);
  };

  sorted(): PolicyProblem[] {
    return this.all.sort((a, b) => a.line - b.line || a.column - b.column);
  }
}

type Keys = Pick<Policy, "recipients" | "trustedSigners">;

function checkedKeys({ seal, sign }: PolicyDocument, folder: string, problems: Problems): Keys {
  const tell = problems.atPath;
  const recipients = (seal?.recipients ?? []).filter(isRead);
  const trustedSigners = (sign?.trustedSigners ?? []).filter(isRead);
  return {
    recipients: readKeys(recipients, SEALING, ["seal", "recipients"], folder, tell),
    trustedSigners: readKeys(trustedSigners, SIGNING, ["sign", "trustedSigners"], folder, tell),
  };
}

// Entries that did not fit the schema were told, and are undefined or lack what they must have.
const isRead = (entry: { readonly name?: unknown } | undefined): boolean => typeof entry?.name === "string";

/** Each is compiled as the redactor will. What compiles them is loaded for those alone who have some. */
async function checkPatterns({ redact }: PolicyDocument, problems: Problems): Promise<void> {
  const patterns = redact?.patterns ?? [];
  if (patterns.length === 0) return;
  const { compilePattern } = await import("../redaction/patterns.ts");
  const names = new Set<string>();
  for (const [index, entry] of patterns.entries()) {
    const path = ["redact", "patterns", index];
    if (names.has(entry?.name))
      problems.atPath([...path, "name"], `stands in the list twice: ${JSON.stringify(entry.name)}`);
    names.add(entry?.name);
    if (typeof entry?.pattern !== "string") continue;
    try {
      compilePattern(entry);
    } catch (error) {
      problems.atPath([...path, "pattern"], `is refused. ${(error as Error).message}`);
    }
  }
}

function checkOverrides({ overrides = [] }: PolicyDocument, problems: Problems): void {
  for (const [index, entry] of overrides.entries()) {
    if (entry === undefined) continue;
    if (entry.project === undefined && entry.flow === undefined && entry.task === undefined)
      problems.atPath(
        ["overrides", index],
        'names neither project, flow nor task. What is for all stands under "classes"',
      );
    if (entry.classes !== undefined && Object.keys(entry.classes).length === 0)
      problems.atPath(["overrides", index, "classes"], "says nothing about any class of data");
  }
}

/** A policy that stands in a file. */
class FilePolicy implements Policy {
  readonly source: string;
  readonly entries: readonly PolicyEntry[];
  readonly knowsTasks: boolean;
  readonly recipients: Policy["recipients"];
  readonly trustedSigners: Policy["trustedSigners"];
  readonly revokedSigners: readonly string[];
  readonly redaction: Policy["redaction"];
  readonly logs: Policy["logs"];
  readonly codeDirectories: readonly string[] | null;
  readonly dictionary: string | null;
  readonly #yaml: YamlSource;

  constructor(source: string, document: PolicyDocument, yaml: YamlSource, { recipients, trustedSigners }: Keys) {
    const { redact, logs, sign, code, locations, overrides = [] } = document;
    const folder = dirname(source);
    this.source = source;
    this.#yaml = yaml;
    this.entries = entriesOf(document, (path) => this.lineOf(path));
    this.knowsTasks = overrides.some(({ task }) => task !== undefined);
    this.recipients = recipients;
    this.trustedSigners = trustedSigners;
    this.revokedSigners = sign?.revoked ?? [];
    const { patterns = [], environment = true, tokens = true } = redact ?? {};
    this.redaction = { patterns, environment, tokens };
    this.logs = { level: logs?.level ?? null, module: absolute(folder, logs?.module) };
    this.codeDirectories = code?.directories?.map((directory) => trueDirectory(resolve(folder, directory))) ?? null;
    this.dictionary = absolute(folder, locations?.dictionary);
  }

  actionFor(dataClass: DataClass, origin: Parameters<Policy["actionFor"]>[1]) {
    return actionOf(this.entries, dataClass, origin);
  }

  lineOf(path: Path): number | null {
    const { key, value } = nodeAt(this.#yaml.root, path);
    const at = (key ?? value)?.range?.[0];
    return at === undefined ? null : this.#yaml.positionOf(at).line;
  }
}

function absolute(folder: string, path: string | undefined): string | null {
  return path === undefined ? null : resolve(folder, path);
}

/** A flow's directory is told by its true path, and is compared with these. One that is not there yet is taken as it is written. */
function trueDirectory(directory: string): string {
  try {
    return realpathSync(directory);
  } catch {
    return directory;
  }
}

type LineOf = (path: Path) => number | null;

function entriesOf({ classes = {}, overrides = [] }: PolicyDocument, lineOf: LineOf): PolicyEntry[] {
  const base = { path: "classes", ...saidAt(classes, ["classes"], lineOf) };
  const rest = overrides.map(({ project, flow, task, classes: said }, index) => {
    const path = ["overrides", index, "classes"];
    const names = { ...(project && { project }), ...(flow && { flow }), ...(task && { task }) };
    return { path: shownPath(path), ...names, ...saidAt(said, path, lineOf) };
  });
  return [base, ...rest];
}

function saidAt(classes: BoundaryClasses, path: Path, lineOf: LineOf): Pick<PolicyEntry, "classes" | "lines"> {
  const lines = Object.keys(classes).map((dataClass) => [dataClass, lineOf([...path, dataClass])]);
  return { classes, lines: Object.fromEntries(lines) as PolicyEntry["lines"] };
}
