import { ConnectionError } from "@weir/client";
import { Refusal } from "@weir/protocol";
import { expect, test } from "vitest";
import { fakeIo } from "../testing/fake-io.ts";
import { patiently } from "./patience.ts";

const limited = (retryAfterSeconds: number) => new Refusal("RATE_LIMITED", "Too much.", { retryAfterSeconds });

/** Fails with each of these in turn, and then answers. */
async function asked(...errors: Error[]): Promise<{ waits: number[]; answer: unknown; told: string }> {
  const io = fakeIo();
  const waits: number[] = [];
  const ask = async () => {
    const next = errors.shift();
    if (next !== undefined) throw next;
    return "answer";
  };
  const wait = async (ms: number) => void waits.push(ms);
  const answer = await patiently(io, ask, wait).catch((error: unknown) => error);
  return { waits, answer, told: io.written() };
}

test("the cloud is asked again after as long as it says, and a person is told", async () => {
  expect(await asked(limited(7), limited(2))).toEqual({
    waits: [7_000, 2_000],
    answer: "answer",
    told: expect.stringContaining("The cloud asks to wait for 7 s."),
  });
});

test("nobody waits for longer than two minutes in all", async () => {
  expect(await asked(limited(100), limited(21))).toMatchObject({ waits: [100_000], answer: { code: "RATE_LIMITED" } });
});

test("what may succeed in a moment is asked again, five times in all", async () => {
  const cut = () => new ConnectionError("UNREACHABLE", "The connection was cut.");
  const once = await asked(cut(), new Refusal("OVERLOADED", "Busy.", { retryAfterSeconds: 1 }));
  expect(once).toMatchObject({ waits: [expect.any(Number), expect.any(Number)], answer: "answer", told: "" });
  const five = await asked(...Array.from({ length: 5 }, cut));
  expect(five).toMatchObject({ answer: { code: "UNREACHABLE" } });
  expect(five.waits).toHaveLength(4);
});

test("any other error is told at once", async () => {
  expect(await asked(new Refusal("NOT_FOUND", "No."))).toMatchObject({ waits: [], answer: { code: "NOT_FOUND" } });
});
