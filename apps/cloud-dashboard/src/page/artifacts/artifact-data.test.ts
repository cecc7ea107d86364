import { expect, test } from "vitest";
import { readArtifact } from "./artifact-data.ts";

test("links, texts and tables are read as flows send them", () => {
  expect(readArtifact("link", { url: "https://a.example", text: "Load" })).toEqual({
    kind: "link",
    url: "https://a.example",
    text: "Load",
  });
  expect(readArtifact("link", { url: "https://a.example" })).toMatchObject({ text: "https://a.example" });
  expect(readArtifact("markdown", { markdown: "# May" })).toEqual({ kind: "markdown", markdown: "# May" });
  const rows = [
    { airport: "ORD", late: 0.5 },
    { airport: "JFK", late: null, note: true },
  ];
  expect(readArtifact("table", { rows })).toEqual({
    kind: "table",
    columns: ["airport", "late", "note"],
    rows: [
      ["ORD", "0.5", "–"],
      ["JFK", "–", "true"],
    ],
    total: 2,
  });
});

test("a long or wide table is cut, and says how long it is", () => {
  const wide = Object.fromEntries(Array.from({ length: 80 }, (_, column) => [`c${column}`, column]));
  const table = readArtifact("table", { rows: Array.from({ length: 800 }, () => wide) });
  expect(table).toMatchObject({ total: 800 });
  expect(table.kind === "table" && [table.rows.length, table.columns.length, table.rows[0]?.length]).toEqual([
    500, 50, 50,
  ]);
});

test("names of an object's own making are columns like others", () => {
  const rows = [JSON.parse('{"__proto__":1,"constructor":"x"}'), {}];
  expect(readArtifact("table", { rows })).toMatchObject({
    columns: ["__proto__", "constructor"],
    rows: [
      ["1", "x"],
      ["–", "–"],
    ],
  });
});

test("what was kept back is said to be, and what does not fit is shown as it is", () => {
  expect(readArtifact("markdown", null)).toEqual({ kind: "withheld" });
  for (const [kind, data] of [
    ["link", { url: 7 }],
    ["markdown", { markdown: ["x"] }],
    ["table", { rows: [1] }],
    ["table", { rows: [["a"]] }],
    ["table", { rows: [null] }],
  ] as const)
    expect(readArtifact(kind, data)).toEqual({ kind: "other", value: data });
});
