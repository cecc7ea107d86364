import fc from "fast-check";
import { expect, test } from "vitest";
import { memoryStore } from "../memory-store.ts";
import type { Where } from "../store.ts";
import { encrypted } from "../wrappers/encrypted.ts";
import { pseudonymous } from "../wrappers/pseudonymous.ts";
import { renderLocation } from "./render-location.ts";
import { checkTemplate, locationNames } from "./template.ts";

const WHERE: Where = {
  runId: "r1",
  flow: "nightly",
  task: "load",
  taskRunNumber: 7,
  attempt: 2,
  tryNumber: 3,
  scheduledStartTime: Date.UTC(2026, 0, 2, 3, 4, 5),
  parameters: { day: "2026/01", deep: { a: 1 }, at: new Date(0), count: 1.5, big: 3n, on: true, "odd name": "x" },
  inputs: ["first", "../up"],
};

test.each([
  ["{flow}/{task}/{runId}-{taskRunNumber}-{attempt}-{tryNumber}.json", "nightly/load/r1-7-2-3.json"],
  ["{date:yyyy-MM-dd}/{date:HH.mm.ss}.json", "2026-01-02/03.04.05.json"],
  ["{date:yyyyMMddTHHmmss}", "20260102T030405"],
  ["{parameters.day}.json", "2026~2f01.json"],
  ["{parameters.at}-{parameters.count}-{parameters.big}-{parameters.on}", "1970-01-01T00~3a00~3a00.000Z-1.5-3-true"],
  ["{parameters.odd name}", "x"],
  ["{inputs.0}/{inputs.1}", "first/~2e.~2fup"],
  ["{task}.{mapIndex}.json", "load.none.json"],
  ["plain text, allowed=@+~_.json", "plain text, allowed=@+~_.json"],
])("%s is rendered", (template, path) => {
  expect(renderLocation(template, WHERE)).toBe(path);
});

test.each([
  ["{task}.json", { mapIndex: 4 }, "load.4.json"],
  ["{task}.tar.gz", { mapIndex: 4 }, "load.4.tar.gz"],
  ["a.b/{task}", { mapIndex: 0 }, "a.b/load.0"],
  ["{mapIndex}/{task}.json", { mapIndex: 4 }, "4/load.json"],
  ["{task}.json", { turn: 2 }, "load-l2.json"],
  ["{task}.json", { turn: 2, mapIndex: 1 }, "load.1-l2.json"],
  ["{task}-{turn}.json", { turn: 2 }, "load-2.json"],
  ["{task}", { mapIndex: 4, task: "load.v2" }, "load.v2.4"],
])("%s with %o has index and turn in it", (template, more, path) => {
  expect(renderLocation(template, { ...WHERE, ...more })).toBe(path);
});

test.each([
  ["{flwo}.json", "it has no name {flwo}; there are {flow}, {task}"],
  ["{}", "it has no name {}"],
  ["{parameters.}", "it has no name {parameters.}"],
  ["{inputs.first}", "it has no name {inputs.first}"],
  ["{date}", "it has no name {date}"],
  ["{date:YYYY}", "{date:YYYY} is no format"],
  ["{date:dd/MM}", "{date:dd/MM} is no format"],
  ["a/../b", "it leads out of the store"],
  ["./a", "it leads out of the store"],
  ["/etc/x", "it is a path below the store's root"],
  ["a//b", "it is a path below the store's root"],
  ["a/", "it is a path below the store's root"],
  ["", "it is a path below the store's root"],
  ["a{task", '"{" is not allowed in it'],
  ["a\\b", "is not allowed in it"],
  ["a#b", '"#" is not allowed in it'],
])("the template %j is refused as it is made", (template, sentence) => {
  expect(() => checkTemplate(template)).toThrow(sentence);
  expect(() => checkTemplate(template)).toThrow(expect.objectContaining({ code: "LOCATION_INVALID" }) as Error);
});

test("a parameter that the flow has not is refused where the parameters are known", () => {
  expect(() => checkTemplate("{parameters.dya}.json", { parameters: ["day", "region"] })).toThrow(
    'the flow has no parameter "dya"; it has day, region',
  );
  expect(() => checkTemplate("{parameters.dya}.json", { parameters: [] })).toThrow("it has none");
  expect(() => checkTemplate("{parameters.day}.json", { parameters: ["day"] })).not.toThrow();
  expect(() => checkTemplate("{parameters.day}.json")).not.toThrow();
});

test.each([
  ["{parameters.deep}", "{parameters.deep} is object in this run"],
  ["{parameters.absent}", "{parameters.absent} is undefined in this run"],
  ["{parameters.toString}", "{parameters.toString} is undefined in this run"],
  ["{inputs.2}", "{inputs.2} is undefined in this run"],
])("%s cannot be rendered, and the sentence holds no value", (template, sentence) => {
  expect(() => renderLocation(template, WHERE)).toThrow(sentence);
});

test("a date without a scheduled start is told", () => {
  const { scheduledStartTime: _, ...where } = WHERE;
  expect(() => renderLocation("{date:yyyy}", where)).toThrow("needs the time for which the run was scheduled");
});

test("tells which names a template has", () => {
  const template = "{flow}/{date:yyyy-MM}/{parameters.day}-{inputs.0}-{mapIndex}.json";
  expect(locationNames(template)).toEqual(["flow", "date:yyyy-MM", "parameters.day", "inputs.0", "mapIndex"]);
  expect(locationNames("plain.json")).toEqual([]);
});

test("no data leads out of the store: as many parts as the template has, none of them a way up", () => {
  const text = fc.string({ unit: "grapheme", maxLength: 40 });
  fc.assert(
    fc.property(text, text, text, (flow, task, day) => {
      const path = renderLocation("{flow}/x/{task}/{parameters.day}.json", {
        ...WHERE,
        flow,
        task,
        parameters: { day },
      });
      const parts = path.split("/");
      expect(parts).toHaveLength(4);
      for (const part of parts) expect(part).toMatch(/^(?!\.{1,2}$)[A-Za-z0-9._~-]+$/);
    }),
  );
});

test("a store tells its template, through wrappers too", () => {
  const template = "{flow}/{parameters.day}.json";
  const key = Buffer.alloc(32);
  const store = memoryStore({ location: template });
  expect([store, encrypted(store, key), pseudonymous(store, key)].map((one) => one.template)).toEqual(
    Array(3).fill(template),
  );
  expect("template" in memoryStore()).toBe(false);
});
