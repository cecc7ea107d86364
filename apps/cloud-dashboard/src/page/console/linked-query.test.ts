import { expect, test } from "vitest";
import { linkedQuery, linkTo } from "./linked-query.ts";

test("an operation comes back out of the link that was made of it", () => {
  const query = '{ flow(project: "a&b", name: "ü#1") { id } }\n';
  const link = linkTo("https://weir.example.org/graphiql", query);
  expect(new URL(link).pathname).toBe("/graphiql");
  expect(linkedQuery(new URL(link).hash)).toBe(query);
});

test("other fragments hold none", () => {
  expect(["", "#key=weir_u_x", "#query=%E0%A4%A"].map(linkedQuery)).toEqual([null, null, null]);
});
