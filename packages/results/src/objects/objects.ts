/** An object on its way into a bucket. */
export interface NewObject {
  readonly data: Uint8Array;
  /** What it says of itself: kept with it as metadata. */
  readonly label: string;
}

/** An object as it was found. */
export interface FoundObject {
  readonly data: Uint8Array;
  readonly label: string | undefined;
  readonly writtenAt: Date | undefined;
}

/**
 * - `confirmed`: it is there, and the service has named a digest of what it keeps that agrees with ours.
 * - `unconfirmed`: it is there; the service says nothing of what it keeps.
 * - `taken`: there is one already, and it was to be a new one.
 */
export type PutOutcome = "confirmed" | "unconfirmed" | "taken";

/** What went wrong, in a service's own words. */
export interface Trouble {
  /** HTTP status of the answer; absent when there was none. */
  readonly status: number | undefined;
  /** The service's or the system's code: `NoSuchBucket`, `ECONNREFUSED`. */
  readonly code: string;
  /** One line. */
  readonly message: string;
}

/**
 * One bucket of a service, as a store needs it. Keys are whole, prefixes included. `put` must be atomic: whoever reads a key finds one
 * whole object or nothing.
 */
export interface Objects {
  put(key: string, object: NewObject, isNew: boolean): Promise<PutOutcome>;
  /** null: there is none. */
  get(key: string): Promise<FoundObject | null>;
  has(key: string): Promise<boolean>;
  remove(key: string): Promise<void>;
  trouble(error: unknown): Trouble;
}

/** Name of the metadata that holds the label: one word, since Azure takes no dashes. */
export const LABEL_KEY = "weirresult";

/** An object's field, where it is text or a number; for errors, whose shape nobody promises. */
export function fieldOf(value: unknown, name: string): string | number | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const field: unknown = (value as Record<string, unknown>)[name];
  return typeof field === "string" || typeof field === "number" ? field : undefined;
}

/** What is common to the errors of all clients: a message, and the system's code where no answer came. */
export function troubleOf(error: unknown, status: unknown, code: unknown): Trouble {
  const message = error instanceof Error ? error.message : String(error);
  const cause = error instanceof Error ? error.cause : undefined;
  const known = typeof code === "string" && code !== "" ? code : fieldOf(cause, "code");
  return {
    status: typeof status === "number" ? status : undefined,
    code: String(known ?? (error instanceof Error ? error.name : "")),
    message: (message.split("\n")[0] ?? "").replace(/\.$/, "").slice(0, 500),
  };
}
