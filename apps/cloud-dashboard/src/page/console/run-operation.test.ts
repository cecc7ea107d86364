import { expect, test } from "vitest";
import { answeredOf } from "./run-operation.ts";

test("an answer is told as people read it, with what it cost", () => {
  const text = '{"data":{"viewer":{"scope":"user"}},"extensions":{"cost":{"asked":2,"limit":20000}}}';
  expect(answeredOf(text, 12)).toEqual({
    text: JSON.stringify(JSON.parse(text), null, 2),
    cost: { asked: 2, limit: 20_000 },
    bytes: text.length,
    milliseconds: 12,
  });
});

test("what is no JSON is told as it came: a proxy may answer in the cloud's place", () => {
  expect(answeredOf("<h1>502 Ünavailable</h1>", 1)).toEqual({
    text: "<h1>502 Ünavailable</h1>",
    cost: null,
    bytes: 25,
    milliseconds: 1,
  });
});
