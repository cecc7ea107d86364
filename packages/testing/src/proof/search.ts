import { formsOf } from "./forms.ts";

/** Something to search through: a table's row, a log, a file. */
export interface Place {
  readonly name: string;
  readonly content: string | Buffer;
}

/** Something to search for. */
export interface Needle {
  /** What it is, for the sentence that tells of a find: never its value, which may be a secret. */
  readonly name: string;
  readonly text: string;
}

export interface Find {
  readonly needle: string;
  readonly form: string;
  readonly place: string;
}

/** Shorter texts stand somewhere by chance: "ATL" is in many a base64. */
export const SHORTEST_NEEDLE = 12;

/** Where any needle lies, in whatever form. */
export function search(needles: readonly Needle[], places: readonly Place[]): Find[] {
  return needles.flatMap((needle) => {
    if (needle.text.length < SHORTEST_NEEDLE)
      throw new Error(`${needle.name} is too short to be searched for: it would be found by chance`);
    return formsOf(needle.text).flatMap((form) =>
      places.flatMap((place) =>
        place.content.includes(form.text) ? [{ needle: needle.name, form: form.name, place: place.name }] : [],
      ),
    );
  });
}
