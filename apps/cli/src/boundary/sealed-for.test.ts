import { generateSealKey, makeRunKey, publicHalf } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { readSealKey } from "./sealed-for.ts";

test("a wrapped key names whom it was wrapped for, by the names that this side has for them", async () => {
  const [inside, ada, stranger] = [await generateSealKey(), await generateSealKey("P-256"), await generateSealKey()];
  const { id, wrapped } = await makeRunKey([inside, ada, stranger].map((key) => publicHalf(key)));
  const names = new Map([
    [inside.kid, "inside (all agents)"],
    [ada.kid, "ada"],
  ]);
  expect(readSealKey({ id, key: wrapped }, names)).toEqual({
    id,
    recipients: [
      { kid: inside.kid, name: "inside (all agents)" },
      { kid: ada.kid, name: "ada" },
      { kid: stranger.kid, name: null },
    ],
  });
});

test.each(["", "no JSON", "null", "{}", '{"recipients":7}', '{"recipients":[null,{"header":{"kid":1}}]}'])(
  "whatever a cloud answers in a key's place is looked at without harm: %j",
  (key) => {
    expect(readSealKey({ id: "x", key }, new Map())).toEqual({ id: "x", recipients: [] });
  },
);
