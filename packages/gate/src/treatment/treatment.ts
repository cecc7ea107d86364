import { type LogEvent, LIMITS } from "@weir/protocol";
import type { Told, Work } from "../plan.ts";
import type { Actions } from "../scope/decisions.ts";
import { isJwe } from "../sealing/is-jwe.ts";
import { treatJson } from "./jsons.ts";
import { redactLines } from "./lines.ts";
import type { Means } from "./means.ts";
import { shownText, treatText } from "./texts.ts";
import { treatTold } from "./told.ts";

const LINE = { dataClass: "log", maxLength: LIMITS.logLineBytes } as const;
const NONE: ReadonlyMap<number, string> = new Map();

/**
 * Carries out the plan of one message as the policy says. Values are never changed in place: whoever gave the message still holds it, and
 * the journal's copy must stay whole. What needs no change is handed on as the same object.
 */
export class Treatment {
  readonly #means: Means;
  #actions: Actions;

  constructor(means: Means) {
    this.#means = means;
    this.#actions = means.subject.actions;
  }

  /** The value as it may cross; undefined: not at all. */
  apply(work: Work | null, value: unknown): unknown {
    if (work === null || value === undefined) return value;
    switch (work.kind) {
      case "text":
        return typeof value === "string" ? treatText(value, work, this.#actions[work.dataClass], this.#means) : value;
      case "json":
        return treatJson(value, work.dataClass, this.#actions[work.dataClass], this.#means);
      case "digest":
        return typeof value === "string" ? this.#digest(value) : value;
      case "fields":
        return this.#fields(work, value);
      case "list":
        return Array.isArray(value) ? this.#list(work.items, value) : value;
      case "event":
        return this.#event(work.branches, value);
      case "storage":
        return this.#storage(value);
    }
  }

  #event(branches: ReadonlyMap<string, Work | null>, event: unknown): unknown {
    this.#actions = this.#means.subject.actionsFor(event);
    return this.apply(branches.get(String(fieldsOf(event)?.["kind"])) ?? null, event);
  }

  #fields({ fields, told }: Work & { kind: "fields" }, value: unknown): unknown {
    const before = fieldsOf(value);
    if (before === null) return value;
    let copy: Record<string, unknown> | null = null;
    for (const [name, work] of fields) {
      const field = before[name];
      if (field === undefined) continue;
      const after = this.apply(work, field);
      if (after === field) continue;
      copy ??= { ...before };
      if (after === undefined) delete copy[name];
      else copy[name] = after;
    }
    return told === undefined ? (copy ?? value) : this.#told(copy ?? before, told);
  }

  #told(event: Readonly<Record<string, unknown>>, told: Told): unknown {
    const { message, failure, ...rest } = event;
    if (message === undefined && failure === undefined) return event;
    return { ...rest, ...treatTold(event, told, this.#actions.exception, this.#means) };
  }

  #list(items: Work, value: readonly unknown[]): readonly unknown[] {
    const { subject, redactor } = this.#means;
    const lines = items.kind === "event" ? redactLines(value, subject, redactor) : NONE;
    let copy: unknown[] | null = null;
    for (let i = 0; i < value.length; i += 1) {
      const line = lines.get(i);
      const after = line === undefined ? this.apply(items, value[i]) : this.#line(value[i] as LogEvent, line);
      if (after !== value[i]) (copy ??= [...value])[i] = after;
    }
    return copy ?? value;
  }

  #line(event: LogEvent, redacted: string): LogEvent {
    const text = shownText(event.text, redacted, LINE, this.#means);
    return text === event.text ? event : { ...event, text };
  }

  #digest(value: string): string {
    this.#means.crossing.notes.note("digest", "hmac");
    return this.#means.keyed.digest(value);
  }

  #storage(value: unknown): unknown {
    const { notes, boxes } = this.#means.crossing;
    if (this.#actions.config === "send") {
      notes.note("config", "sent");
      return value;
    }
    notes.note("config", "sealed");
    const { kind, box } = fieldsOf(value) ?? {};
    if (kind === "sealed" && isJwe(box)) return value;
    const target: Record<string, unknown> = { kind: "sealed" };
    boxes.push({ target, field: "box", plain: value });
    return target;
  }
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : null;
}
