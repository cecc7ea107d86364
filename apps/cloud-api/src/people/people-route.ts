import type { Static, TSchema } from "typebox";
import type { NewSession, SignedIn } from "./sessions.ts";

/** A route of people: what it is sent, and what it does. A session that it answers becomes the browser's cookie. */
export interface PeopleRoute<B extends TSchema> {
  readonly url: string;
  readonly body?: B;
  readonly handle: (asked: { body: Static<B>; address: string; person: SignedIn | null }) => Promise<PeopleAnswer>;
}

/** What a route answers. */
export interface PeopleAnswer {
  readonly session?: NewSession;
  readonly body?: object;
}

/** Takes the routes of people. */
export type AddRoute = <B extends TSchema>(auth: "public" | "person", route: PeopleRoute<B>) => void;

/** @throws Error for a route that let somebody in without a session */
export function present(person: SignedIn | null): SignedIn {
  if (person === null) throw new Error("The route is of people who are signed in, and nobody is.");
  return person;
}
