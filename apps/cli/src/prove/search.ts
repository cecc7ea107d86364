import type { Canary } from "./canaries.ts";
import { Finder, type Needle, SHORTEST_NEEDLE } from "./finder.ts";
import { formsOf } from "./forms.ts";
import { viewsOf } from "./views.ts";

/** Where something may be found. */
export const PLACES = ["sent", "database", "answers", "log"] as const;
export type Place = (typeof PLACES)[number];

/** Something to search through. */
export interface Holding {
  readonly place: Place;
  /** Which of them: a table, a file, a path of the run door. */
  readonly name: string;
  readonly content: Buffer;
  /** Files of a database are searched as they are: what their bytes may mean was searched in its tables. */
  readonly plainly?: true;
}

export interface Find {
  readonly channel: string;
  readonly place: Place;
  readonly name: string;
  readonly form: string;
}

interface Told {
  readonly channel: string;
  readonly form: string;
}

function needlesOf(canaries: readonly Canary[]): Needle<Told>[] {
  return canaries.flatMap(({ id: channel, cores }) =>
    cores.flatMap((core) => [
      ...formsOf(core).map(({ name: form, bytes }) => ({ bytes, tells: { channel, form } })),
      ...halvesOf(core).map((half) => ({ bytes: Buffer.from(half), tells: { channel, form: "a half" } })),
    ]),
  );
}

/** What a border leaves on either side of it. */
function halvesOf(core: string): string[] {
  const middle = Math.floor(core.length / 2);
  return middle < SHORTEST_NEEDLE || core.includes(" ") ? [] : [core.slice(0, middle), core.slice(middle)];
}

/** Where any canary lies, in whatever form. Each find of a channel in one form and holding once. */
export function search(canaries: readonly Canary[], holdings: readonly Holding[]): Find[] {
  const finder = new Finder(needlesOf(canaries));
  return holdings.flatMap(({ place, name, content, plainly }) => {
    const seen = new Map<string, Find>();
    const views = plainly ? [content] : viewsOf(content);
    let decoded = false;
    for (const view of views) {
      for (const { channel, form } of finder.in(view)) {
        const key = `${channel} ${form}`;
        if (!seen.has(key)) seen.set(key, { channel, place, name, form: decoded ? `${form}, decoded` : form });
      }
      decoded = true;
    }
    return [...seen.values()];
  });
}
