import { StoreError } from "../store.ts";

/** A piece of a template: text that stays, or a name in braces. */
export type Piece = string | { readonly name: string; readonly argument: string };

/** Names that stand alone. */
const PLAIN = ["flow", "task", "taskRunNumber", "runId", "attempt", "tryNumber", "turn", "mapIndex"] as const;
export type PlainName = (typeof PLAIN)[number];

const ALL_NAMES = [...PLAIN, "date:yyyy-MM-dd", "parameters.NAME", "inputs.0"].map((name) => `{${name}}`).join(", ");

export function isPlainName(name: string): name is PlainName {
  return (PLAIN as readonly string[]).includes(name);
}

export function templateError(template: string, reason: string): StoreError {
  return new StoreError(
    "LOCATION_INVALID",
    `The location template ${JSON.stringify(template)} cannot be used: ${reason}.`,
  );
}

const parsed = new Map<string, readonly Piece[]>();

/** @throws StoreError `LOCATION_INVALID` */
export function piecesOf(template: string): readonly Piece[] {
  const known = parsed.get(template);
  if (known !== undefined) return known;
  const pieces = parse(template);
  // A program has few templates; one that makes them as it runs must not fill the memory.
  if (parsed.size >= 1_000) parsed.clear();
  parsed.set(template, pieces);
  return pieces;
}

function parse(template: string): Piece[] {
  checkPath(template);
  return template
    .split(/(\{[^{}]*\})/)
    .filter((part) => part !== "")
    .map((part) =>
      part.startsWith("{") && part.endsWith("}") ? namedPiece(template, part.slice(1, -1)) : textPiece(template, part),
    );
}

function checkPath(template: string): void {
  const segments = template.replaceAll(/\{[^{}]*\}/g, "{}").split("/");
  if (segments.some((segment) => segment === "." || segment === ".."))
    throw templateError(template, 'it leads out of the store: "." and ".." are not allowed');
  if (segments.includes(""))
    throw templateError(
      template,
      "it begins or ends with a slash, or holds two in a row; it is a path below the store's root",
    );
}

function textPiece(template: string, text: string): string {
  const odd = /[^A-Za-z0-9 ._~@=+,/-]/u.exec(text);
  if (odd === null) return text;
  throw templateError(template, `${JSON.stringify(odd[0])} is not allowed in it; letters, digits and "._~@=+,-" are`);
}

function namedPiece(template: string, inside: string): Piece {
  if (isPlainName(inside)) return { name: inside, argument: "" };
  const [, name = "", argument = ""] = /^(date:|parameters\.|inputs\.)(.+)$/s.exec(inside) ?? [];
  if (name === "date:") return { name: "date", argument: checkedFormat(template, argument) };
  if (name === "parameters.") return { name: "parameters", argument };
  if (name === "inputs." && /^(0|[1-9]\d{0,3})$/.test(argument)) return { name: "inputs", argument };
  throw templateError(template, `it has no name {${inside}}; there are ${ALL_NAMES}`);
}

function checkedFormat(template: string, format: string): string {
  const rest = format.replaceAll(/yyyy|MM|dd|HH|mm|ss/g, "");
  if (/^[._ T-]*$/.test(rest)) return format;
  throw templateError(
    template,
    `{date:${format}} is no format; it is made of yyyy, MM, dd, HH, mm, ss and "-", "_", ".", "T"`,
  );
}

/**
 * The names that a template holds, as they stand in it: `["flow", "date:yyyy-MM-dd", "parameters.day", "inputs.0"]`.
 * @throws StoreError `LOCATION_INVALID` when it is no template.
 */
export function locationNames(template: string): string[] {
  return piecesOf(template)
    .filter((piece) => typeof piece !== "string")
    .map(({ name, argument }) => (argument === "" ? name : `${name}${name === "date" ? ":" : "."}${argument}`));
}

/**
 * Checks a template as it is made, long before a value waits to be written.
 * @param known.parameters names of the flow's parameters, where they are known: others are an error.
 * @throws StoreError `LOCATION_INVALID`, a sentence with the template and what is wrong.
 * @example checkTemplate("{flow}/{date:yyyy-MM-dd}/{parameters.region}.json", { parameters: ["region"] });
 */
export function checkTemplate(template: string, known: { readonly parameters?: readonly string[] } = {}): void {
  for (const piece of piecesOf(template)) {
    if (typeof piece === "string" || piece.name !== "parameters" || known.parameters === undefined) continue;
    if (known.parameters.includes(piece.argument)) continue;
    const there = known.parameters.length === 0 ? "it has none" : `it has ${known.parameters.join(", ")}`;
    throw templateError(template, `the flow has no parameter ${JSON.stringify(piece.argument)}; ${there}`);
  }
}
