import { hash } from "node:crypto";
import type { Where } from "../store.ts";

/** Longest part of a path that is made of a name; file systems allow 255 bytes, numbers and the ending need some. */
const MAX_NAME_BYTES = 200;

/**
 * Makes a name safe to be one part of a path: no separators, no `..`, no NUL, no leading dot. Different names stay different:
 * what is not allowed becomes `~` and its bytes in hex; `~~` and a SHA-256 stand for the end of a name over 200 bytes.
 * @example safeName("../etc") // "~2e.~2fetc"
 */
export function safeName(name: string): string {
  const safe = name.replaceAll(/[^A-Za-z0-9._-]|^\./gu, (character) =>
    [...Buffer.from(character)].map((byte) => `~${byte.toString(16).padStart(2, "0")}`).join(""),
  );
  if (safe === "") return "~";
  return safe.length <= MAX_NAME_BYTES ? safe : `${safe.slice(0, 120)}~~${hash("sha256", name)}`;
}

/** Path of a result where no template says otherwise. Attempt, try and turn are in it, so no execution overwrites what another one wrote. */
export function resultPath(where: Where, extension = "json"): string {
  const index = where.mapIndex === undefined ? "" : `.${where.mapIndex}`;
  const turn = where.turn === undefined ? "" : `-l${where.turn}`;
  const file = `${safeName(where.task)}-${where.taskRunNumber}${index}-a${where.attempt}-t${where.tryNumber}${turn}.${extension}`;
  return `${safeName(where.flow)}/${safeName(where.runId)}/${file}`;
}
