import type { Where } from "../store.ts";
import { extensionOf } from "../serializer/serializer.ts";
import { resultPath, safeName } from "./result-path.ts";
import { isPlainName, type PlainName, piecesOf, templateError } from "./template.ts";

const DATE_PARTS: readonly [RegExp, number, number][] = [
  // Place of each part in `2026-01-02T03:04:05.678Z`.
  [/yyyy/g, 0, 4],
  [/MM/g, 5, 7],
  [/dd/g, 8, 10],
  [/HH/g, 11, 13],
  [/mm/g, 14, 16],
  [/ss/g, 17, 19],
];

function dateText(template: string, format: string, where: Where): string {
  if (where.scheduledStartTime === undefined)
    throw templateError(template, `{date:${format}} needs the time for which the run was scheduled, and it has none`);
  const iso = new Date(where.scheduledStartTime).toISOString();
  return DATE_PARTS.reduce((text, [part, from, to]) => text.replaceAll(part, iso.slice(from, to)), format);
}

function valueText(template: string, name: string, value: unknown): string {
  if (value instanceof Date && !Number.isNaN(value.getTime())) return safeName(value.toISOString());
  if (typeof value === "string" || typeof value === "boolean" || typeof value === "bigint")
    return safeName(String(value));
  if (typeof value === "number" && Number.isFinite(value)) return safeName(String(value));
  const found = value === null ? "null" : Array.isArray(value) ? "a list" : typeof value;
  // The value itself is not told: it may be anything, and the sentence crosses the line.
  throw templateError(
    template,
    `{${name}} is ${found} in this run; a string, a number, a boolean or a date can be part of a path`,
  );
}

function plainText(name: PlainName, where: Where): string {
  // A task that is not mapped has no index, one that does not loop no turn: the same template serves both.
  const value = where[name] ?? "none";
  return typeof value === "number" ? String(value) : safeName(value);
}

function pieceText(template: string, name: string, argument: string, where: Where): string {
  if (isPlainName(name)) return plainText(name, where);
  if (name === "date") return dateText(template, argument, where);
  if (name === "inputs") return valueText(template, `inputs.${argument}`, where.inputs?.[Number(argument)]);
  const { parameters = {} } = where;
  const value = Object.hasOwn(parameters, argument) ? parameters[argument] : undefined;
  return valueText(template, `parameters.${argument}`, value);
}

/** What the template itself ends with: `.json`, `.tar.gz`. Dots that come from data are part of a name. */
function extensionIn(template: string): string {
  const last = piecesOf(template).at(-1);
  return typeof last === "string" ? (/(?:\.[A-Za-z0-9]+)+$/.exec(last)?.[0] ?? "") : "";
}

/**
 * Path of a result below a store's root. What comes from data is made safe for a path: no separators, no `..`. The index of a mapped
 * child and the turn of a loop are always part of it: where the template lacks them, they are added before the extension.
 * @throws StoreError `LOCATION_INVALID` when the template is none, or a value cannot be part of a path.
 * @example renderLocation("{flow}/{date:yyyy-MM-dd}.json", { ...where, mapIndex: 3 }) // "nightly/2026-01-02.3.json"
 */
export function renderLocation(template: string, where: Where): string {
  const names = new Set<string>();
  let path = "";
  for (const piece of piecesOf(template)) {
    if (typeof piece === "string") path += piece;
    else {
      names.add(piece.name);
      path += pieceText(template, piece.name, piece.argument, where);
    }
  }
  const index = where.mapIndex === undefined || names.has("mapIndex") ? "" : `.${where.mapIndex}`;
  const turn = where.turn === undefined || names.has("turn") ? "" : `-l${where.turn}`;
  const extension = extensionIn(template);
  return path.slice(0, path.length - extension.length) + index + turn + extension;
}

/** Where a store puts a result: the task's own template goes before the store's, and that before the default path. */
export function pathOf(where: Where, template: string | undefined, serializer: string): string {
  const chosen = where.template ?? template;
  return chosen === undefined ? resultPath(where, extensionOf(serializer)) : renderLocation(chosen, where);
}
