import { pathToFileURL } from "node:url";
import { getCallSites } from "node:util";
import type { TaskFunction } from "../task/task-types.ts";

/** Where a task was defined: enough for a thread or process that loads the same file to find it. */
export interface TaskPlace {
  readonly name: string;
  /** File whose loading defines the task, as a `file:` URL. */
  readonly file: string;
  /** Which task of this name in this file, from 0: a loop may define several. */
  readonly index: number;
}

/** Frames that are looked at. Capturing sixteen takes about 3 µs, once per definition. */
const FRAMES = 16;
/** Tasks that are made while flows run have endless names; those that files define do not. */
const MOST_NAMES = 100_000;

const OWN = new URL("../", import.meta.url).href;

const places = new WeakMap<TaskFunction, Map<string, TaskPlace>>();
const counts = new Map<string, number>();
let collected: Map<string, TaskFunction> | null = null;

const keyOf = ({ file, name, index }: TaskPlace) => `${file} ${index} ${name}`;

/** Whether a frame is Weir's: its tests and fixtures are users like any other. */
function isOwn(url: string): boolean {
  return url.startsWith(OWN) && !/\.test\.ts$|\/testing\/|\/conformance\//.test(url);
}

function urlOf(script: string): string {
  return script.startsWith("/") ? pathToFileURL(script).href : script;
}

/**
 * The file whose loading calls `task`. Not simply the caller: a helper of another file may make tasks for the file that calls it, and
 * loading the helper alone would define nothing.
 */
export function fileAmong(scripts: readonly string[]): string | null {
  const urls = scripts.map(urlOf);
  const first = urls.findIndex((url) => !isOwn(url));
  const caller = urls[first];
  if (caller?.startsWith("file:") !== true) return null;
  let file = caller;
  for (const url of urls.slice(first + 1)) {
    // Beyond are Weir's engine, Node's loader, or a program that loaded the file: a test runner, say.
    if (isOwn(url) || !url.startsWith("file:")) break;
    if (url.includes("/node_modules/") && !file.includes("/node_modules/")) break;
    file = url;
  }
  return file.split(/[?#]/, 1)[0] ?? file;
}

function definingFile(): string | null {
  return fileAmong(getCallSites(FRAMES, { sourceMap: false }).map(({ scriptName }) => scriptName));
}

/** Notes where a task is defined. Called by `task(…)` itself, once per definition; `file` is found out when it is left out. */
export function rememberTask(name: string, fn: TaskFunction, file: string | null = definingFile()): void {
  if (file === null) return;
  const counted = `${file} ${name}`;
  const index = counts.get(counted) ?? 0;
  if (index === 0 && counts.size >= MOST_NAMES) return;
  counts.set(counted, index + 1);
  const place = { name, file, index };
  const known = places.get(fn);
  if (known === undefined) places.set(fn, new Map([[name, place]]));
  else if (!known.has(name)) known.set(name, place);
  collected?.set(keyOf(place), fn);
}

/** Where a task was defined, if that is known. */
export function placeOf(name: string, fn: TaskFunction): TaskPlace | null {
  return places.get(fn)?.get(name) ?? null;
}

/** The `file:` URL of the file that defines a task: what a `TaskJob` says as `definedIn`. */
export function definedIn(name: string, fn: TaskFunction): string | null {
  return placeOf(name, fn)?.file ?? null;
}

/**
 * From now on the functions themselves are kept too: this thread was made to run tasks by their place. Elsewhere that would keep
 * everything alive that tasks made in a flow hold on to.
 */
export function collectTasks(): void {
  collected ??= new Map();
}

/** A task that was defined since `collectTasks`. */
export function taskAt(place: TaskPlace): TaskFunction | undefined {
  return collected?.get(keyOf(place));
}

/** All tasks that were defined since `collectTasks`, in order. */
export function collectedPlaces(): TaskPlace[] {
  return [...(collected?.values() ?? [])].flatMap((fn) => [...(places.get(fn)?.values() ?? [])]);
}
