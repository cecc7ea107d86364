import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import { ended, type PolicyProblem } from "./policy-error.ts";

/** Way to a value inside a file: keys of mappings, and numbers in lists. */
export type Path = readonly (string | number)[];

/** A YAML text that was read strictly, and what is wrong with it as YAML. */
export interface YamlSource {
  /** Null: there is nothing in it but comments. */
  readonly root: Node | null;
  /** Not empty: `root` is not to be used. */
  readonly problems: readonly PolicyProblem[];
  positionOf(offset: number): { readonly line: number; readonly column: number };
}

/**
 * What could say one thing to a person and another to the program is refused: tags, anchors and aliases, `<<`, a second document, a key that
 * stands twice, another version of YAML.
 */
export function readYaml(text: string): YamlSource {
  const counter = new LineCounter();
  const positionOf = (offset: number) => {
    const { line, col } = counter.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parseDocument(text, {
    lineCounter: counter,
    schema: "core",
    version: "1.2",
    merge: false,
    resolveKnownTags: false,
    strict: true,
    stringKeys: true,
    uniqueKeys: true,
    prettyErrors: false,
    // "silent" would let a second document pass.
    logLevel: "error",
  });
  const problems = [...syntaxProblems(document), ...aliasProblems(document)];
  const root = isNode(document.contents) && !isEmpty(document.contents) ? document.contents : null;
  return {
    root,
    problems: problems.map(({ offset, message }) => ({ ...positionOf(offset), message: ended(message) })),
    positionOf,
  };
}

interface Found {
  readonly offset: number;
  readonly message: string;
}

/** Of a text that is broken in the middle, what follows is told wrong more often than right. */
const SYNTAX_PROBLEMS = 5;

const TAGS = "tags (!…) are not used in this file; write the value alone";

const SENTENCES: Readonly<Record<string, string>> = {
  DUPLICATE_KEY: "this key stands here twice; take one of the two away",
  MULTIPLE_DOCS: "a second document begins here (---); the file holds one",
  NON_STRING_KEY: "a key must be a plain word",
  RESOURCE_EXHAUSTION: "this is nested too deeply",
  TAB_AS_INDENT: "a tab stands where spaces must",
  TAG_RESOLVE_FAILED: TAGS,
};

function syntaxProblems(document: Document): Found[] {
  const found = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    offset: pos[0],
    message: SENTENCES[code] ?? `this is no YAML: ${message}`,
  }));
  const version = document.directives?.yaml;
  if (version?.explicit === true && version.version !== "1.2")
    found.unshift({
      offset: 0,
      message: `%YAML ${version.version} is not read; this file is YAML 1.2, take the line away`,
    });
  return found.slice(0, SYNTAX_PROBLEMS);
}

function aliasProblems(document: Document): Found[] {
  if (document.errors.length + document.warnings.length > 0) return [];
  const found: Found[] = [];
  const tell = (node: Node, what: string) =>
    found.push({
      offset: node.range?.[0] ?? 0,
      message: `${what} are not used in this file: what holds must stand where it holds. Write it out`,
    });
  visit(document, {
    Node: (_, node) => {
      if (isAlias(node)) tell(node, `aliases (*${node.source})`);
      else if (node.tag !== undefined) found.push({ offset: node.range?.[0] ?? 0, message: TAGS });
      else if (node.anchor !== undefined) tell(node, `anchors (&${node.anchor})`);
    },
  });
  return found.slice(0, SYNTAX_PROBLEMS);
}

/** Whether nothing stands there: `log:`, or a whole file of comments. */
export function isEmpty(node: Node | null): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** The node at the end of a path, as far as there is one; and the node of its key. */
export function nodeAt(root: Node | null, path: Path): { readonly key: Node | null; readonly value: Node | null } {
  let key: Node | null = null;
  let value = root;
  for (const step of path) {
    if (isMap(value)) {
      const pair = value.items.find((one) => isScalar(one.key) && one.key.value === step);
      if (pair === undefined) return { key, value };
      key = isNode(pair.key) ? pair.key : null;
      value = isNode(pair.value) ? pair.value : null;
    } else if (isCollection(value)) {
      const item = value.items[Number(step)];
      [key, value] = [null, isNode(item) ? item : null];
    }
  }
  return { key, value };
}

/** @example shownPath(["overrides", 2, "classes", "log"]) // "overrides[2].classes.log" */
export function shownPath(path: Path): string {
  const steps = path.map((step, index) =>
    typeof step === "number" ? `[${step}]` : `${index === 0 ? "" : "."}${step}`,
  );
  return steps.join("");
}
