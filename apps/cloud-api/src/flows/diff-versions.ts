import { canonicalJson, isSealedJson } from "@weir/protocol";

/** What of a version can differ, as it stands in the database. */
export interface VersionFacts {
  readonly description: string | null;
  readonly labels: readonly string[];
  readonly tasks: unknown;
  readonly parameterSchema: unknown;
  readonly parameterDefaults: unknown;
  readonly runConfig: unknown;
  readonly storage: unknown;
  readonly schedules: unknown;
  readonly boundary: unknown;
  readonly sdkVersion: string;
}

/** Parts that hold no values of parameters. */
export const CHANGED_PARTS = [
  "description",
  "labels",
  "tasks",
  "parameters",
  "runConfig",
  "storage",
  "files",
  "boundary",
  "sdkVersion",
] as const;
/** Parts that hold values of parameters. */
export const CHANGED_PARAMETER_PARTS = ["parameterDefaults", "schedules"] as const;

export const CHANGE_KINDS = ["added", "removed", "changed"] as const;

/** One difference. */
export interface Change<Part extends string> {
  readonly part: Part;
  readonly kind: (typeof CHANGE_KINDS)[number];
  /** Of the task, parameter, label, schedule, file or field; null: the part as a whole. */
  readonly name: string | null;
  /** Null where it was added. */
  readonly before: unknown;
  /** Null where it was removed. */
  readonly after: unknown;
}
export type VersionChange = Change<(typeof CHANGED_PARTS)[number]>;
export type ParameterChange = Change<(typeof CHANGED_PARAMETER_PARTS)[number]>;

/** A part by the names of what it consists of; the name "" stands for the whole of it. */
type Named = ReadonlyMap<string, unknown>;

/** What is different in `after`, but for values of parameters; by part, then by name. */
export function versionChanges(before: VersionFacts, after: VersionFacts): VersionChange[] {
  const [old, own] = [partsOf(before), partsOf(after)];
  return CHANGED_PARTS.flatMap((part) => changesOf(part, old[part], own[part]));
}

/** What is different in `after` in values of parameters. What is sealed differs wherever its text does: nobody here can look into it. */
export function parameterChanges(before: VersionFacts, after: VersionFacts): ParameterChange[] {
  const schedules = (facts: VersionFacts) => byName(facts.schedules, "name");
  return [
    ...changesOf("parameterDefaults", byField(before.parameterDefaults), byField(after.parameterDefaults)),
    ...changesOf("schedules", schedules(before), schedules(after)),
  ];
}

function partsOf(facts: VersionFacts): Readonly<Record<(typeof CHANGED_PARTS)[number], Named>> {
  const { files, ...storage } = objectOf(facts.storage);
  return {
    description: whole(facts.description),
    labels: new Map(facts.labels.map((label) => [label, label])),
    tasks: byName(facts.tasks, "name"),
    parameters: parametersOf(facts.parameterSchema),
    runConfig: byField(facts.runConfig),
    storage: byField(storage),
    files: new Map([...byName(files, "path")].map(([path, file]) => [path, objectOf(file)["sha256"]])),
    boundary: byField(facts.boundary),
    sdkVersion: whole(facts.sdkVersion),
  };
}

/** Each parameter with its schema and whether it must be given; what the schema says beside them as a whole. */
function parametersOf(schema: unknown): Named {
  const { properties, required, ...rest } = objectOf(schema);
  const needed = new Set<unknown>(Array.isArray(required) ? required : []);
  const parameters = Object.entries(objectOf(properties)).map(
    ([name, own]) => [name, { schema: own, required: needed.has(name) }] as const,
  );
  return new Map<string, unknown>([...parameters, ...whole(Object.keys(rest).length === 0 ? null : rest)]);
}

const whole = (value: unknown): Named => new Map(value === null ? [] : [["", value]]);

function byField(value: unknown): Named {
  if (value === null || value === undefined) return new Map();
  return isSealedJson(value) || !isObject(value) ? whole(value) : new Map(Object.entries(value));
}

function byName(list: unknown, field: string): Named {
  const items: unknown[] = Array.isArray(list) ? list : [];
  return new Map(items.map((item) => [String(objectOf(item)[field]), item]));
}

function changesOf<Part extends string>(part: Part, before: Named, after: Named): Change<Part>[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted((a, b) => (a < b ? -1 : 1));
  return names.flatMap((name): Change<Part>[] => {
    const [old, own] = [before.get(name) ?? null, after.get(name) ?? null];
    if (before.has(name) && after.has(name) && canonicalJson(old) === canonicalJson(own)) return [];
    const kind = before.has(name) ? (after.has(name) ? "changed" : "removed") : "added";
    return [{ part, kind, name: name === "" ? null : name, before: old, after: own }];
  });
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const objectOf = (value: unknown) => (isObject(value) ? value : {});
