import type { Static, TSchema } from "typebox";
import type { Principal } from "../api-keys/api-keys.ts";
import type { NewSession, SignedIn } from "./sessions.ts";

/** A route of people: what it is sent, and what it does. A session that it answers becomes the browser's cookie. */
export interface PeopleRoute<B extends TSchema> {
  readonly url: string;
  readonly body?: B;
  readonly handle: (asked: PeopleAsked<Static<B>>) => Promise<PeopleAnswer>;
}

/** What was sent to a route, and by whom. */
export interface PeopleAsked<Body> {
  readonly body: Body;
  readonly address: string;
  /** Of routes with auth `person`. */
  readonly person: SignedIn | null;
  /** Of routes with auth `person` or `user`. */
  readonly principal: Principal | null;
}

/** What a route answers. */
export interface PeopleAnswer {
  readonly session?: NewSession;
  /** The browser's session is over: its cookie goes. */
  readonly isOver?: boolean;
  readonly body?: object;
}

/** Takes the routes of people. */
export type AddRoute = <B extends TSchema>(auth: "public" | "person" | "user", route: PeopleRoute<B>) => void;

/** @throws Error for a route that let somebody in without a session */
export function present(person: SignedIn | null): SignedIn {
  if (person === null) throw new Error("The route is of people who are signed in, and nobody is.");
  return person;
}
