import type { DataClass } from "@weir/protocol";
import type { Redactor } from "../redaction/redactor.ts";
import type { Actions } from "../scope/decisions.ts";
import type { ContentKey } from "../sealing/content-key.ts";
import type { Keyed } from "../keyed.ts";
import type { WithheldError } from "../withheld/withheld-error.ts";
import { Notes } from "./deeds.ts";

/** What a message is about, as far as the treatment of its data depends on it. */
export interface Subject {
  /** Null: it is of no run, so there is no run's key to seal with. */
  readonly runId: string | null;
  /** Of the message as a whole, until an event in it says whose it is. */
  readonly actions: Actions;
  actionsFor(event: unknown): Actions;
  /** The run's content key; null: there can be none. Undefined: it was not needed yet. */
  readonly key: ContentKey | null | undefined;
}

/** A value that is to be sealed where there is no run: the treatment goes on, and `target[field]` is filled before the message leaves. */
export interface Box {
  readonly target: Record<string, unknown>;
  readonly field: string;
  readonly plain: unknown;
}

/** What the treatment of one message brings about besides the message. */
export class Crossing {
  readonly notes = new Notes();
  /** Texts by the pseudonyms that stand for them. */
  readonly pseudonyms = new Map<string, string>();
  readonly errors = new Map<string, WithheldError>();
  readonly boxes: Box[] = [];
  /** Something is sealed with the run's key. */
  isSealed = false;
  /** The run's key has to be made, and then everything is to be treated once more. */
  lacksKey = false;
}

/** What the treatment of one message works with. */
export interface Means {
  readonly redactor: Redactor;
  readonly keyed: Keyed;
  readonly subject: Subject;
  readonly crossing: Crossing;
  /** Whether there is a place for the texts of withheld errors. Without one they are dropped. */
  readonly keepsErrors: boolean;
}

/** Seals a text of a class with the run's key; null when there is none to be had. */
export function sealedBy({ subject, crossing }: Means, text: string, dataClass: DataClass): string | null {
  if (subject.key === null) return null;
  crossing.isSealed = true;
  if (subject.key !== undefined) return subject.key.seal(text, dataClass);
  crossing.lacksKey = true;
  return "";
}

/** How many bytes of text fit into so many characters, once they are sealed. */
export function roomFor({ subject }: Means, characters: number): number {
  return subject.key?.plainBytes(characters) ?? characters;
}
