import { v7 } from "uuid";

/** A UUIDv7, made by whoever creates the thing. Its first 48 bits are the time, so ids sort by creation. */
export type Id = string;

/** Makes a new id. */
export function makeId(): Id {
  return v7();
}

const ID = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** The pattern of an id, for schemas. */
export const ID_PATTERN = ID.source;

/** Whether a string is an id. `isId("..")` is false: ids are safe to use in paths and queries. */
export function isId(value: string): value is Id {
  return ID.test(value);
}

/** The moment, in milliseconds since 1970, that stands in an id. */
export function idTime(id: Id): number {
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}

/** The lowest id that could have been made at a moment: the bound of a partition. */
export function lowestIdAt(epochMs: number): Id {
  const hex = Math.max(0, Math.floor(epochMs)).toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7000-8000-000000000000`;
}
