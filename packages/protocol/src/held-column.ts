import type { DataClass } from "./data-class.ts";

/** What a column of the cloud's database holds. */
export interface HeldColumn {
  /** The class of user data that it may hold, or metadata when it holds nothing else. */
  readonly dataClass: DataClass;
  readonly about: string;
  /** Fields of messages that fill it, as `message path`; a `*` at the end stands for all below. Told of user data only. */
  readonly from: readonly string[];
}

export interface HeldTable {
  readonly about: string;
  readonly columns: Readonly<Record<string, HeldColumn>>;
}

/** A column that holds nothing of the user's data. */
export const metadata = (about: string): HeldColumn => ({ dataClass: "metadata", about, from: [] });

/** A column that holds a class of user data, and the fields that fill it. @example holds("log")("the line", "report events[].text") */
export const holds =
  (dataClass: DataClass) =>
  (about: string, ...from: readonly string[]): HeldColumn => ({ dataClass, about, from });

export const parameter = holds("parameter");

/** Where what was registered stands in its message. */
export const REGISTERED = "graphql RegisterFlow input.registration";
