import { builder } from "../graphql/builder.ts";

/** What a key opens. */
export const KeyScope = builder.enumType("KeyScope", {
  description: "What a key opens.",
  values: {
    user: { description: "GraphQL, for people and scripts." },
    agent: { description: "The run door, for agents." },
  } as const,
});
