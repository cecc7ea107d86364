import { LIMITS, Refusal } from "@weir/protocol";

// Control characters, NUL among them: Postgres cannot store that one, and no terminal should be sent the others. Half of a surrogate pair neither.
const UNPRINTABLE = /\p{Cc}|\p{Cs}/u;

/**
 * Takes a name that a person gave.
 * @throws Refusal INVALID naming the field and what is wrong with it.
 */
export function checkedName(field: string, name: string): string {
  if (name.trim() === "") throw new Refusal("INVALID", `${field} is empty; give it a name.`);
  if (name.length > LIMITS.nameLength)
    throw new Refusal("INVALID", `${field} has ${name.length} characters, at most ${LIMITS.nameLength} are allowed.`);
  if (UNPRINTABLE.test(name))
    throw new Refusal("INVALID", `${field} ${JSON.stringify(name)} holds a control character; leave it out.`);
  return name;
}
