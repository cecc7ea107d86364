import type { FieldProblem } from "../form/field-problems.ts";

/** A JSON string, then what is wrong with what it names, up to the end of the sentence or the beginning of the next. */
const SENTENCE =
  /("(?:[^"\\]|\\.)*") ((?:must|is missing|is not|does)(?:[^"]|"(?![^"]*" (?:must|is missing|is not|does)))*?)\.(?= "|$)/g;

/**
 * The fields that PARAMETERS_INVALID of the cloud speaks of. It tells a path with dots; a name that holds dots itself is looked for as a whole first.
 * @example refusedFields('The parameters of flow "f" do not fit: "top" must be integer.', ["top"]) // [{ path: ["top"], message: "must be integer" }]
 */
export function refusedFields(message: string, names: readonly string[]): FieldProblem[] {
  const told = /do not fit: (.*)$/s.exec(message)?.[1] ?? "";
  return [...told.matchAll(SENTENCE)].flatMap(([, quoted = '""', what = ""]) => {
    const path = JSON.parse(quoted) as string;
    return path === "" ? [] : [{ path: names.includes(path) ? [path] : path.split("."), message: what }];
  });
}
