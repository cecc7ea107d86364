import fc from "fast-check";
import { Check } from "typebox/value";
import { expect, test } from "vitest";
import { stringify } from "yaml";
import { CLASS_ACTIONS, DATA_CLASSES } from "@weir/protocol";
import { PolicyDocument, POLICY_CLASSES, policySchemaText } from "./policy-schema.ts";
import { shapeOf } from "./policy-shape.ts";
import { readYaml } from "./yaml-source.ts";

interface Field {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Field>>;
  readonly items?: Field;
}

test("the published JSON Schema is the one that the reader goes by", async () => {
  await expect(policySchemaText()).toMatchFileSnapshot("../../boundary.schema.json");
});

/** Paths of all fields without a description. */
function undescribed(field: Field, path: string): string[] {
  const inner = Object.entries(field.properties ?? {}).flatMap(([name, one]) => undescribed(one, `${path}.${name}`));
  const items = field.items === undefined ? [] : undescribed(field.items, `${path}[]`);
  return [...(field.description ? [] : [path]), ...inner, ...items];
}

test("every field says what it is for, because editors show it", () => {
  expect(undescribed(JSON.parse(policySchemaText()) as Field, "file")).toEqual([]);
});

test("a policy speaks of every class about which there is something to decide", () => {
  const decidable = Object.keys(DATA_CLASSES).filter(
    (one) => CLASS_ACTIONS[one as keyof typeof CLASS_ACTIONS].length > 1,
  );
  expect([...POLICY_CLASSES].sort()).toEqual(decidable.sort());
  expect(Object.keys(PolicyDocument.properties.classes.properties)).toEqual([...POLICY_CLASSES]);
});

/** Documents that are nearly right: a piece of a right one is put in another's place. */
const RIGHT = {
  version: 1,
  classes: { log: "seal", parameter: "drop", exception: "id-only" },
  redact: { patterns: [{ name: "iban", pattern: "DE[0-9]{20}" }], environment: false, tokens: true },
  logs: { level: "warn", module: "./logs.ts" },
  seal: { recipients: [{ name: "ada", file: "ada.jwk" }] },
  sign: { trustedSigners: [{ name: "ci", file: "ci.jwk" }], revoked: ["A".repeat(43)] },
  code: { directories: ["flows"] },
  locations: { dictionary: "names" },
  overrides: [{ flow: "pay-*", task: "charge", classes: { log: "drop" } }],
};
type Place = { readonly [key: string]: unknown } | readonly unknown[];

function places(value: unknown): unknown[] {
  return typeof value === "object" && value !== null ? [value, ...Object.values(value).flatMap(places)] : [value];
}

const pieces = [...places(RIGHT), 12, 1.5, "", "x".repeat(5_000), [], {}, ["a", 1], { name: "x" }, { unknown: true }];

function replaced(value: unknown, at: { left: number }, by: unknown): unknown {
  at.left -= 1;
  if (at.left === 0) return by;
  if (Array.isArray(value)) return value.map((one) => replaced(one, at, by));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value as Place).map(([key, one]) => [key, replaced(one, at, by)]));
}

/** What the reader says of a document, after it went through YAML. */
function problemsOf(document: unknown): string[] {
  const told: string[] = [];
  const { root } = readYaml(stringify(document));
  if (root !== null) shapeOf(PolicyDocument, root, (_, message) => told.push(message));
  return told;
}

test("the reader takes exactly the documents that its schema takes", () => {
  const documents = fc
    .tuple(fc.integer({ min: 1, max: places(RIGHT).length }), fc.constantFrom(...pieces))
    .map(([at, by]) => replaced(RIGHT, { left: at }, by));
  expect(problemsOf(RIGHT)).toEqual([]);
  fc.assert(
    fc.property(documents, (document) => {
      expect(problemsOf(document).length === 0, JSON.stringify(document)).toBe(Check(PolicyDocument, document));
    }),
    { numRuns: 2_000 },
  );
});
