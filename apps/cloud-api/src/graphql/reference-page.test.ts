import { expect, test } from "vitest";
import { schema } from "./schema.ts";
import { rootFields } from "./testing/places.ts";
import { EXAMPLES } from "./testing/reference/examples.ts";
import { referencePage } from "./testing/reference/reference-page.ts";

test("docs/graphql.md is the schema that is served", async () => {
  await expect(referencePage()).toMatchFileSnapshot("../../../../docs/graphql.md");
});

test("every example is of a root field", () => {
  const names = rootFields(schema).map(({ field }) => field.name);
  expect(Object.keys(EXAMPLES).filter((name) => !names.includes(name))).toEqual([]);
});
