import { readFileSync } from "node:fs";

/** What a comment at the end of a snippet says: `// report({ day: "mon" }) → 3`. */
export interface Claim {
  readonly flow: string;
  readonly args: string;
  /** JavaScript, or the name of a state. */
  readonly expected: string;
}

/** One block of TypeScript of a page. */
export interface Snippet {
  readonly page: string;
  /** Line of the page at which its code begins, from 1. */
  readonly line: number;
  readonly code: string;
  readonly claims: readonly Claim[];
}

const BLOCK = /^```ts\n([\s\S]*?)^```$/gm;
const CLAIM = /^\/\/ (\w+)\((.*)\) → (.+)$/gm;

/** All blocks of TypeScript of a page of docs. */
export function snippetsOf(page: string): Snippet[] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  return [...text.matchAll(BLOCK)].map(({ index, 1: code = "" }) => ({
    page,
    line: text.slice(0, index).split("\n").length + 1,
    code,
    claims: [...code.matchAll(CLAIM)].map(([, flow = "", args = "", expected = ""]) => ({ flow, args, expected })),
  }));
}

function isImported(code: string, name: string): boolean {
  return new RegExp(`import [^;]*\\b${name}\\b[^;]*;`).test(code);
}

function isDeclared(code: string, name: string): boolean {
  return new RegExp(`\\b(?:const|let|function|class)\\s+${name}\\b`).test(code);
}

/** The names that a snippet uses without importing them, of those that it may. */
function used(code: string, names: readonly string[]): string[] {
  return names.filter(
    (name) => new RegExp(`\\b${name}\\b`).test(code) && !isImported(code, name) && !isDeclared(code, name),
  );
}

/** Types that snippets use without importing them. */
const TYPES = ["Settled", "StateHandler"];

/** A capitalised word is a state, anything else the flow's value. */
function outcome(expected: string): string {
  return /^[A-Z][A-Za-z]+$/.test(expected) ? `state: "${expected}"` : `state: "Success", value: ${expected}`;
}

/**
 * A snippet as a module: with the imports that the page leaves out, on its first lines, so that the compiler names the page's own lines;
 * and with its claims, as `claims` of the module.
 */
export function moduleOf({ code, line, claims }: Snippet, names: readonly string[]): string {
  const wanted = [...used(code, names), ...used(code, TYPES).map((name) => `type ${name}`)];
  const sdk = wanted.length === 0 ? "" : `import { ${wanted.join(", ")} } from "@weir/sdk";`;
  const zod = used(code, ["z"]).length === 0 ? "" : 'import { z } from "zod";';
  const told = claims.map(({ args, expected }) => `{ args: [${args}], ${outcome(expected)} }`);
  return `${sdk}${zod}${"\n".repeat(line - 1)}${code}\nexport const claims = [${told.join(", ")}];\n`;
}
