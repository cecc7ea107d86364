import { expect, test } from "vitest";
import { remembering } from "./remembering.ts";

/** Tokens that say when they end; `verified` counts how often each was verified. */
function memory() {
  const clock = { now: 0 };
  const verified: string[] = [];
  const verify = async (token: string) => {
    verified.push(token);
    return { endsAt: Number(token.split(" ")[0]) };
  };
  const trustMs = ({ endsAt }: { endsAt: number }) => endsAt - clock.now;
  return { clock, verified, tokens: remembering(verify, { trustMs, now: () => clock.now }) };
}

test("a token is verified once until it ends, and then again", async () => {
  const { clock, verified, tokens } = memory();
  await tokens.read("1000");
  clock.now = 999;
  expect(await tokens.read("1000")).toEqual({ endsAt: 1000 });
  expect(verified).toEqual(["1000"]);
  clock.now = 1000;
  await tokens.read("1000");
  expect(verified).toEqual(["1000", "1000"]);
});

test("where nothing is said, a token is trusted for seconds", async () => {
  let now = 0;
  let verified = 0;
  const tokens = remembering(async () => (verified += 1), { now: () => now });
  await tokens.read("a");
  now = 4_999;
  expect(await tokens.read("a")).toBe(1);
  now = 5_000;
  expect(await tokens.read("a")).toBe(2);
});

test("a token that was signed here needs no verification", async () => {
  const { verified, tokens } = memory();
  tokens.put("1000", { endsAt: 1000 });
  await tokens.read("1000");
  expect(verified).toEqual([]);
});

test("one token too many costs the oldest its place, and no other", async () => {
  const { verified, tokens } = memory();
  for (let n = 0; n <= 20_000; n += 1) tokens.put(`1000 ${n}`, { endsAt: 1000 });
  await tokens.read("1000 1");
  await tokens.read("1000 20000");
  expect(verified).toEqual([]);
  await tokens.read("1000 0");
  expect(verified).toEqual(["1000 0"]);
});
