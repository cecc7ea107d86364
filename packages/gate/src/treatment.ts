import { createHmac } from "node:crypto";
import { cleanText, cutText, type DataClass, jsonProblem, LIMITS } from "@weir/protocol";
import type { Work } from "./plan.ts";
import type { Redactor } from "./redaction/redactor.ts";

/** What was done to a class of data in one message; the ledger's words. */
export type Deed = "sent" | "redacted" | "cut" | "withheld" | "hmac";
const WEIGHT: readonly Deed[] = ["sent", "hmac", "cut", "redacted", "withheld"];

/** What was done to each class of one message. `metadata` is always there. */
export type Deeds = Partial<Record<DataClass, Deed>>;

/**
 * Carries out the plan of one message. Values are never changed in place: whoever gave the message still holds it, and the
 * journal's copy must stay whole. What needs no change is handed on as the same object.
 */
export class Treatment {
  readonly deeds: Deeds = { metadata: "sent" };
  readonly #redactor: Redactor;
  readonly #hmacKey: Uint8Array;

  constructor(redactor: Redactor, hmacKey: Uint8Array) {
    this.#redactor = redactor;
    this.#hmacKey = hmacKey;
  }

  apply(work: Work | null, value: unknown): unknown {
    if (work === null || value === undefined) return value;
    switch (work.kind) {
      case "send":
        this.#note(work.dataClass, "sent");
        return value;
      case "text":
        return typeof value === "string" ? this.#text(value, work.dataClass, work.maxBytes) : value;
      case "json":
        return this.#json(value, work.dataClass);
      case "digest":
        return typeof value === "string" ? this.#digest(value) : value;
      case "fields":
        return this.#fields(work.fields, value);
      case "list":
        return Array.isArray(value) ? this.#list(work.items, value) : value;
      case "union":
        return this.apply(work.branches.get(kindOf(value)) ?? null, value);
    }
  }

  #note(dataClass: DataClass, deed: Deed): void {
    const before = this.deeds[dataClass];
    if (before === undefined || WEIGHT.indexOf(deed) > WEIGHT.indexOf(before)) this.deeds[dataClass] = deed;
  }

  #fields(fields: readonly (readonly [string, Work])[], value: unknown): unknown {
    if (typeof value !== "object" || value === null) return value;
    let copy: Record<string, unknown> | null = null;
    for (const [name, work] of fields) {
      const before = (value as Record<string, unknown>)[name];
      if (before === undefined) continue;
      const after = this.apply(work, before);
      if (after !== before) (copy ??= { ...value })[name] = after;
    }
    return copy ?? value;
  }

  #list(items: Work, value: readonly unknown[]): readonly unknown[] {
    let copy: unknown[] | null = null;
    for (let i = 0; i < value.length; i += 1) {
      const after = this.apply(items, value[i]);
      if (after !== value[i]) (copy ??= [...value])[i] = after;
    }
    return copy ?? value;
  }

  // Secrets are struck out before the text is cut: the other way round, a secret that stands across the cut would leave its first half.
  #text(value: string, dataClass: DataClass, maxBytes: number): string {
    const redacted = this.#redactor.redact(value);
    const cut = cutText(cleanText(redacted), maxBytes);
    this.#note(dataClass, "sent");
    if (redacted !== value) this.#note(dataClass, "redacted");
    else if (cut.length < value.length) this.#note(dataClass, "cut");
    return cut;
  }

  #digest(value: string): string {
    this.#note("digest", "hmac");
    return keyedDigest(value, this.#hmacKey);
  }

  /** JSON of the classes `exception` (causes) and `artifact`. What is too large or too deep is withheld, visibly; it must not hold up the events around it. */
  #json(value: unknown, dataClass: DataClass): unknown {
    const problem = jsonProblem(value, "it");
    if (problem !== null) return this.#withhold(dataClass, problem);
    const treated = this.#strings(value, dataClass, 0);
    const bytes = Buffer.byteLength(JSON.stringify(treated));
    if (bytes > LIMITS.artifactBytes)
      return this.#withhold(dataClass, `it has ${bytes} bytes, and ${LIMITS.artifactBytes} are allowed`);
    this.#note(dataClass, "sent");
    return treated;
  }

  #withhold(dataClass: DataClass, reason: string): unknown {
    this.#note(dataClass, "withheld");
    const message = `[withheld by Weir: ${reason}]`;
    return dataClass === "exception" ? { name: "Error", message } : message;
  }

  #strings(value: unknown, dataClass: DataClass, causes: number): unknown {
    if (typeof value === "string") return this.#text(value, dataClass, maxBytesOf(dataClass));
    if (Array.isArray(value)) return value.map((item) => this.#strings(item, dataClass, causes));
    if (typeof value !== "object" || value === null) return value;
    const entries = Object.entries(value).flatMap(([key, inner]) => {
      const deeper = dataClass === "exception" && key === "cause" ? causes + 1 : causes;
      if (deeper >= LIMITS.causeDepth) return [];
      return [[this.#text(key, dataClass, LIMITS.nameLength), this.#strings(inner, dataClass, deeper)] as const];
    });
    return Object.fromEntries(entries);
  }
}

/** What the class `digest` becomes: an HMAC under the user's key, so that nobody without it can try out values. */
export function keyedDigest(value: string, hmacKey: Uint8Array): string {
  return createHmac("sha256", hmacKey).update(value).digest("base64url");
}

function maxBytesOf(dataClass: DataClass): number {
  return dataClass === "exception" ? LIMITS.stackBytes : LIMITS.artifactBytes;
}

function kindOf(value: unknown): string {
  return String((value as { kind?: unknown } | null)?.kind);
}
