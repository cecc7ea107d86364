import { readFileSync } from "node:fs";
import { REFUSALS, STATE_NAMES } from "@weir/protocol";
import { expect, test } from "vitest";
import { printedSchema, schema } from "./schema.ts";

const committed = readFileSync(new URL("../../schema.graphql", import.meta.url), "utf8");

test("schema.graphql is the schema: write it anew with `pnpm --filter @weir/cloud-api schema`", () => {
  expect(printedSchema()).toBe(committed);
});

test("states and codes are those of the protocol", () => {
  const valuesOf = (name: string) =>
    new Set(
      committed
        .match(new RegExp(`enum ${name} \\{([^}]*)\\}`))?.[1]
        ?.trim()
        .split(/\s+/),
    );
  expect(valuesOf("State")).toEqual(new Set(STATE_NAMES));
  expect(valuesOf("RefusalCode")).toEqual(new Set(Object.keys(REFUSALS)));
});

test("every mutation answers its payload or a Refusal", () => {
  for (const [name, field] of Object.entries(schema.getMutationType()?.getFields() ?? {})) {
    const result = String(field.type);
    expect(result, name).toMatch(/Result!$/);
    expect(committed).toMatch(
      new RegExp(`union ${result.slice(0, -1)} = (\\w+Payload \\| Refusal|Refusal \\| \\w+Payload)`),
    );
  }
});

test("no type speaks of its tenant's id: the tenant is the credential's", () => {
  expect(committed).not.toMatch(/tenantId/);
});
