import { parameterProblems } from "@weir/protocol/parameter-problems";
import { expect, test } from "vitest";
import { refusedFields } from "./refused-fields.ts";

const START = 'The parameters of flow "f \\"must\\" fly." do not fit: ';

test("each sentence of the cloud goes to its field", () => {
  const schema = {
    type: "object",
    required: ["day"],
    additionalProperties: false,
    properties: {
      day: {},
      top: { type: "integer" },
      one: { enum: ["a", "b"] },
      "a.b": { type: "number" },
      deep: { properties: { n: { minimum: 3 } } },
    },
  };
  const sentences = parameterProblems(schema, { top: "x", one: "c", "a.b": "x", deep: { n: 1 }, more: 1 });
  const fields = refusedFields(START + sentences.join(" "), Object.keys(schema.properties));
  expect(fields.map(({ path }) => path)).toEqual(
    expect.arrayContaining([["day"], ["more"], ["top"], ["one"], ["a.b"], ["deep", "n"]]),
  );
  expect(fields.find(({ path }) => path[0] === "one")?.message).toBe('must be one of "a","b"');
  expect(fields.find(({ path }) => path[0] === "day")?.message).toBe("is missing");
});

test("what is said of the whole, or in other words, belongs to no field", () => {
  expect(refusedFields(`${START}The object must not have fewer than 1 properties.`, [])).toEqual([]);
  expect(refusedFields('The parameters of flow "f" cannot be used: the object is nested.', [])).toEqual([]);
});
