import fc from "fast-check";

// No text here may look like what an answer must not hold (SQL, paths, stacks): answers quote what they refuse.

/** Ids that a request may name, by whose they are. */
export interface Ids {
  readonly own: readonly string[];
  readonly others: readonly string[];
}

const NOBODYS = "01900000-0000-7000-8000-000000000000";

export const hostileTexts = fc.oneof(
  fc.constantFrom(
    "",
    " ",
    "\0",
    "a\0b",
    "\uD800",
    "\uDC00\uD800",
    "__proto__",
    "constructor",
    "toString",
    "' or '1'='1",
    "%00",
    "../../../../x",
    "{{7*7}}",
    "${7*7}",
    "<script>alert(1)</script>",
    "\u202Egnirts",
    "🧨".repeat(50),
    "NaN",
    "null",
    "9".repeat(400),
    "x".repeat(70_000),
    "2026-02-30T25:61:61Z",
    "+275760-09-13T00:00:00.001Z",
    "0.1",
    "99999.9999999999",
  ),
  fc.string({ unit: "binary", maxLength: 40 }),
  fc.string({ maxLength: 40 }),
);

export const hostileNumbers = fc.constantFrom(
  0,
  -0,
  -1,
  0.5,
  2 ** 31,
  -(2 ** 31) - 1,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
  1e308,
  -1e308,
  5e-324,
  1e21,
);

/** An object that `JSON.parse` makes with `__proto__` as a key of its own. */
const poisoned = fc.constant(
  JSON.parse('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}') as unknown,
);

const deep = fc.integer({ min: 20, max: 900 }).map((levels) => {
  let value: unknown = "bottom";
  for (let level = 0; level < levels; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
});
const long = fc.integer({ min: 200, max: 20_000 }).map((items) => Array.from({ length: items }, (_, item) => item));

/** What no field of any message was made for. */
export const hostileValues: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 6, arbitrary: hostileTexts },
  { weight: 4, arbitrary: hostileNumbers },
  { weight: 3, arbitrary: fc.constantFrom(null, true, false, [], {}, [[]], [null]) },
  { weight: 1, arbitrary: poisoned },
  { weight: 1, arbitrary: deep },
  { weight: 1, arbitrary: long },
  { weight: 2, arbitrary: fc.jsonValue({ maxDepth: 3 }) },
);

/** Ids of one's own, of others, of nobody, and what only looks like one. */
export const idsOf = ({ own, others }: Ids) =>
  fc.oneof(
    { weight: 3, arbitrary: fc.constantFrom(...own) },
    { weight: 3, arbitrary: fc.constantFrom(...others) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(NOBODYS, NOBODYS.toUpperCase(), `{${NOBODYS}}`, NOBODYS.replaceAll("-", "")),
    },
    { weight: 1, arbitrary: hostileTexts },
  );
