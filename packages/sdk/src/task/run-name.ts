/** A name for people: a text, one with `{inputs.0}` and `{parameters.day}` in it, or a function of the inputs. */
export type RunName<A extends readonly unknown[]> = string | ((...inputs: A) => string);

/** `RunName`, its inputs forgotten. */
export type AnyRunName = string | ((...inputs: never[]) => string);

/** What a run name may be made of. */
export interface NameParts {
  readonly inputs: readonly unknown[];
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly mapIndex: number | undefined;
}

const PLACE = /\{([^{}]*)\}/g;
const KNOWN = /^(?:inputs\.\d+|parameters\.[^.]+|mapIndex)$/;

/** Whether it is known only when the inputs are there. */
export function isRendered(name: AnyRunName | undefined): boolean {
  return typeof name === "function" || (typeof name === "string" && name.includes("{"));
}

/** @throws TypeError naming what cannot stand in a run name. */
export function checkedRunName(name: AnyRunName | undefined, where: string): AnyRunName | undefined {
  if (typeof name !== "string") return name;
  for (const [place, inner = ""] of name.matchAll(PLACE)) {
    if (!KNOWN.test(inner))
      throw new TypeError(
        `runName ${where} has ${place}, which is unknown. There are {inputs.0}, {inputs.1}, …, {parameters.NAME} and {mapIndex}.`,
      );
  }
  return name;
}

function part(inner: string, { inputs, parameters, mapIndex }: NameParts): unknown {
  if (inner === "mapIndex") return mapIndex;
  const [kind = "", name = ""] = inner.split(/\.(.*)/s);
  return kind === "inputs" ? inputs[Number(name)] : parameters[name];
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? (JSON.stringify(value) ?? "") : `${value as string | number}`;
}

/** The name of one task run. @throws whatever the user's function throws. */
export function renderRunName(name: AnyRunName, parts: NameParts): string {
  if (typeof name === "function") return String((name as (...inputs: readonly unknown[]) => unknown)(...parts.inputs));
  return name.replaceAll(PLACE, (_, inner: string) => shown(part(inner, parts)));
}
