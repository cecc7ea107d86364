import type { StandardSchemaV1 } from "@standard-schema/spec";
import { expect, test } from "vitest";
import { z } from "zod";
import { describeParameters } from "./parameter-schema.ts";
import { checkParameters } from "./parameters.ts";

const schema = z.object({
  top: z.number().int().default(0).describe("how many"),
  day: z.string(),
  place: z.object({ city: z.string().default("Rome") }).optional(),
});

async function problem(given: unknown, of: StandardSchemaV1 = schema): Promise<string> {
  const checked = await checkParameters("report", of, given);
  if (!("error" in checked)) throw new Error("they fit");
  expect(checked.error.code).toBe("PARAMETERS_INVALID");
  return checked.error.message;
}

test("what fits is what the flow gets, defaults filled in", async () => {
  expect(await checkParameters("report", schema, { day: "mon" })).toEqual({ value: { top: 0, day: "mon" } });
  expect(await checkParameters("report", undefined, { any: 1 })).toEqual({ value: { any: 1 } });
  expect(await checkParameters("report", z.object({}), undefined)).toEqual({ value: {} });
});

test("each field that does not fit has its sentence", async () => {
  const text = await problem({ top: 1.5, place: { city: 3 } });
  const lines = text.split("\n");
  expect(lines[0]).toBe('The parameters do not fit the flow "report":');
  expect(lines.slice(1).map((line) => line.trim().split(":")[0])).toEqual(["top", "day", "place.city"]);
  expect(await problem([], z.object({}))).toContain("expected object");
  expect(await problem({ list: [1, "x"] }, z.object({ list: z.array(z.number()) }))).toContain("list[1]: ");
});

test("a name that the flow does not know is told, unless the schema lets others in", async () => {
  expect(await problem({ day: "mon", tpo: 3 })).toContain("tpo: there is no such parameter; there are top, day, place");
  const open = z.looseObject({ day: z.string() });
  expect(await checkParameters("report", open, { day: "mon", more: 1 })).toEqual({ value: { day: "mon", more: 1 } });
});

test("any Standard Schema will do, one that answers later and knows no JSON Schema too", async () => {
  const later: StandardSchemaV1<unknown, number> = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: async (value) => (value === 7 ? { value: 8 } : { issues: [{ message: "not seven" }] }),
    },
  };
  expect(await checkParameters("report", later, 7)).toEqual({ value: 8 });
  expect(await problem(6, later)).toContain("\n  not seven");
  expect(describeParameters(later)).toEqual({});
});

test("the registration has the schema without values, and the defaults apart, falsy ones too", () => {
  const { parameterSchema, parameterDefaults } = describeParameters(schema);
  expect(parameterDefaults).toEqual({ top: 0 });
  expect(JSON.stringify(parameterSchema)).not.toContain("Rome");
  expect(parameterSchema).toMatchObject({
    type: "object",
    required: ["day"],
    properties: { top: { type: "integer", description: "how many" }, day: { type: "string" } },
    additionalProperties: false,
  });
});

test("a parameter may be called default; a schema without defaults has none", () => {
  const named = z.object({ default: z.string() });
  expect(describeParameters(named).parameterSchema).toMatchObject({ properties: { default: { type: "string" } } });
  expect(describeParameters(named)).not.toHaveProperty("parameterDefaults");
  expect(describeParameters(undefined)).toEqual({});
});

test("a schema with a part that JSON Schema cannot say is left out, and still checked here", async () => {
  const dated = z.object({ at: z.date() });
  expect(describeParameters(dated)).toEqual({});
  expect(await problem({ at: "x" }, dated)).toContain("at: ");
});
