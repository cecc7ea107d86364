import { existsSync, readdirSync, readFileSync, realpathSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";

/** What flows may do under Node's permission model, beyond reading their code and writing results and their scratch folder. */
export interface ChildPermission {
  /** Features of Node that are let through. */
  readonly features: readonly ChildFeature[];
  /** Further files and directories. Absolute paths. */
  readonly read: readonly string[];
  readonly write: readonly string[];
}

/** As Node names them: `--allow-net` and so on. */
export const CHILD_FEATURES = ["net", "child-process", "worker", "addons", "wasi"] as const;
export type ChildFeature = (typeof CHILD_FEATURES)[number];

/** Where one child's code lies and where it writes. Absolute paths. */
export interface ChildPlaces {
  /** Of the flow. */
  readonly directory: string;
  /** Of the SDK's child. */
  readonly entry: string;
  readonly results: string | null;
  readonly scratch: string;
  /** What the agent keeps to itself: left out wherever it lies. */
  readonly closed: readonly string[];
}

/**
 * What the SDK looks at to see whether a run has left processes behind. `/proc/self/*` would hold the whole file system, by its `root`.
 */
const OF_ITSELF = ["/proc/self/stat", "/proc/thread-self/children"];

/** At each start Node warns of what is granted, on what would be the run's own stderr. Who granted it has read that in the docs. */
const QUIET = ["SecurityWarning", "ExperimentalWarning"].map((type) => `--disable-warning=${type}`);

/**
 * Options for a child's Node.
 * @throws TypeError when a path holds `*`, which would let through what nobody named
 * @example permissionArgs({ features: ["net"], read: [], write: [] }, places); // ["--permission", "--allow-net", "--allow-fs-read=…", …]
 */
export function permissionArgs(permission: ChildPermission, places: ChildPlaces): readonly string[] {
  const own = [...(places.results === null ? [] : [places.results]), places.scratch];
  const write = [...new Set([...own, ...permission.write].flatMap((path) => without(path, places.closed)))];
  const wanted = [...codeOf(places), ...OF_ITSELF, ...write, ...permission.read];
  const read = [...new Set(wanted.flatMap((path) => without(path, places.closed)))];
  const wild = [...read, ...write].find((path) => path.includes("*"));
  if (wild !== undefined) throw new TypeError(`${wild} holds a *, which Node's permission model takes for any name`);
  return [
    "--permission",
    ...QUIET,
    ...permission.features.map((feature) => `--allow-${feature}`),
    ...read.map((path) => `--allow-fs-read=${path}`),
    ...write.map((path) => `--allow-fs-write=${path}`),
  ];
}

/** A path, or what lies below it and is not closed: the model grants and never denies. */
function without(path: string, closed: readonly string[]): readonly string[] {
  const truly = trueOf(path);
  const places = closed.flatMap((one) => [one, trueOf(one)]);
  if (places.some((place) => isBelow(path, place) || isBelow(truly, place))) return [];
  if (!places.some((place) => isBelow(place, path) || isBelow(place, truly))) return [path];
  return readdirSync(path).flatMap((name) => without(join(path, name), closed));
}

function trueOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** All that importing the flow and the SDK may read: both as they are named and as they truly lie. */
function codeOf({ directory, entry }: ChildPlaces): readonly string[] {
  const code = new Set<string>();
  const flow = realpathSync(directory);
  const sdk = packageOf(dirname(realpathSync(entry)));
  for (const path of [directory, flow, sdk]) code.add(path);
  for (const start of [packageOf(flow), sdk]) addPackages(start, code, new Set());
  return [...code];
}

/** The directory of the package that a directory is part of; itself where it is of none. */
function packageOf(start: string): string {
  const found = upward(start).find((at) => existsSync(join(at, "package.json")));
  return found ?? start;
}

function upward(start: string): readonly string[] {
  const up = [start];
  for (let at = start; dirname(at) !== at; at = dirname(at)) up.push(dirname(at));
  return up;
}

/** The `node_modules` that a package finds, and the packages that it depends on where those lie elsewhere, as they do in workspaces. */
function addPackages(start: string, code: Set<string>, seen: Set<string>): void {
  if (seen.has(start)) return;
  seen.add(start);
  const modules = upward(start)
    .map((at) => join(at, "node_modules"))
    .filter((path) => existsSync(path));
  for (const path of modules) code.add(path);
  for (const name of dependenciesOf(start)) {
    const link = modules.map((path) => join(path, name)).find((path) => existsSync(path));
    if (link === undefined) continue;
    const lies = realpathSync(link);
    if (isBelowAny(lies, code)) continue;
    code.add(lies);
    addPackages(lies, code, seen);
  }
}

function isBelowAny(path: string, directories: ReadonlySet<string>): boolean {
  return [...directories].some((directory) => isBelow(path, directory));
}

function isBelow(path: string, directory: string): boolean {
  return relative(directory, path).split(sep)[0] !== "..";
}

function dependenciesOf(directory: string): readonly string[] {
  try {
    const text = readFileSync(join(directory, "package.json"), "utf8");
    const manifest = JSON.parse(text) as Readonly<Record<string, object | undefined>>;
    return ["dependencies", "peerDependencies", "optionalDependencies"].flatMap((kind) =>
      Object.keys(manifest[kind] ?? {}),
    );
  } catch {
    return [];
  }
}
