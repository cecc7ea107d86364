import { describe, expect, test } from "vitest";
import { StoreError, type Where } from "../store.ts";
import { describeTemplates } from "./describe-templates.ts";
import { type MakePlace, WHERE } from "./stage.ts";

const VALUE = {
  name: "café",
  at: new Date("2026-01-02T03:04:05.678Z"),
  big: 12_345_678_901_234_567_890n,
  seen: new Map([["a", new Set([1, undefined])]]),
  bytes: new Uint8Array([0, 255]),
  buffer: Buffer.from("x"),
  absent: undefined,
  rates: [Number.NaN, Number.POSITIVE_INFINITY, -0],
};

/**
 * What every store must do, whatever it is made of. Call it in the store's own test file.
 * @param makePlace gives an empty place and stores over it.
 */
export function describeStore(name: string, makePlace: MakePlace): void {
  describe(`store contract: ${name}`, () => {
    keepsValues(makePlace);
    keepsApart(makePlace);
    refuses(makePlace);
    isWhole(makePlace);
    describeTemplates(makePlace);
  });
}

function keepsValues(makePlace: MakePlace): void {
  test("gives back an equal value, of every kind that the serializer knows", async () => {
    const store = (await makePlace()).open();
    const written = await store.write(VALUE, WHERE);
    expect(await store.read(written.location)).toStrictEqual(VALUE);
    expect(written.bytes).toBeGreaterThan(0);
    expect(written.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test("a bare undefined, null, 0, empty text, list and object are values too", async () => {
    const store = (await makePlace()).open();
    const values = [undefined, null, 0, "", [], {}];
    const writes = values.map((value, i) => store.write(value, { ...WHERE, taskRunNumber: i + 1 }));
    const read = (await Promise.all(writes)).map(({ location }) => store.read(location));
    expect(await Promise.all(read)).toStrictEqual(values);
  });

  test("what was written does not change with the value afterwards", async () => {
    const store = (await makePlace()).open();
    const value = { count: 1 };
    const writing = store.write(value, WHERE);
    value.count = 2;
    expect(await store.read((await writing).location)).toEqual({ count: 1 });
  });

  test("a megabyte is whole, and another store over the same place reads it", async () => {
    const place = await makePlace();
    const value = Array.from({ length: 50_000 }, (_, i) => `row ${i} é`);
    const store = place.open();
    const { location } = await store.write(value, WHERE);
    const other = place.isShared ? place.open() : store;
    expect(await other.exists(location)).toBe(true);
    expect(await other.read(location)).toEqual(value);
  });
}

function keepsApart(makePlace: MakePlace): void {
  test("every execution has a location of its own", async () => {
    const store = (await makePlace()).open();
    const places: Where[] = [
      WHERE,
      { ...WHERE, tryNumber: 2 },
      { ...WHERE, attempt: 2 },
      { ...WHERE, turn: 1 },
      { ...WHERE, taskRunNumber: 2 },
      { ...WHERE, mapIndex: 0 },
      { ...WHERE, task: "lo/ad" },
      { ...WHERE, task: "lo~2fad" },
      { ...WHERE, runId: "0197a0b0-0000-7000-8000-000000000002" },
      { ...WHERE, flow: "../nightly" },
    ];
    const written = await Promise.all(places.map((where, i) => store.write(i, where)));
    expect(new Set(written.map(({ location }) => location)).size).toBe(places.length);
    expect(await Promise.all(written.map(({ location }) => store.read(location)))).toEqual(places.map((_, i) => i));
  });

  test("the same execution written again is the newer value, whole", async () => {
    const store = (await makePlace()).open();
    await store.write("first", WHERE);
    const { location } = await store.write("second", WHERE);
    expect(await store.read(location)).toBe("second");
  });

  test("knows what exists", async () => {
    const store = (await makePlace()).open();
    const { location } = await store.write(1, WHERE);
    expect(await store.exists(location)).toBe(true);
    expect(await store.exists(store.locate?.({ ...WHERE, taskRunNumber: 2 }) ?? "")).toBe(false);
  });
}

function refuses(makePlace: MakePlace): void {
  test("a value that cannot be written is refused, and nothing is there", async () => {
    const store = (await makePlace()).open();
    const refused = store.write({ rows: [1, { fn: () => 1 }] }, WHERE);
    await expect(refused).rejects.toMatchObject({ code: "RESULT_NOT_SERIALIZABLE" });
    await expect(refused).rejects.toThrow("value.rows[1].fn is a function");
    expect(await store.exists(store.locate?.(WHERE) ?? "")).toBe(false);
  });

  test("a location without a result is a sentence with its name and the way out", async () => {
    const store = (await makePlace()).open();
    await store.write(1, WHERE);
    const reading = store.read(store.locate?.({ ...WHERE, taskRunNumber: 9 }) ?? "");
    await expect(reading).rejects.toBeInstanceOf(StoreError);
    await expect(reading).rejects.toMatchObject({ code: "RESULT_READ_FAILED" });
    await expect(reading).rejects.toThrow(/(load-9|pseudonym:).*start a new run/i);
  });

  test.each(["file:///etc/passwd", "s3://other/nightly/x.json", "/etc/passwd", "", "pseudonym:x"])(
    "the location %j is of another store and is not read",
    async (location) => {
      const store = (await makePlace()).open();
      await expect(store.read(location)).rejects.toMatchObject({ code: "RESULT_READ_FAILED" });
    },
  );
}

function isWhole(makePlace: MakePlace): void {
  test.each(["vanish", "truncate", "alter"] as const)("when stored results %s, it is told", async (how) => {
    const place = await makePlace();
    const happens = place[how];
    // Where it cannot happen, or cannot be found out, the place says why.
    if (happens === undefined) return;
    const written = await place.open().write(12_345, WHERE);
    await happens();
    const reading = place.open().read(written.location);
    const code = how === "vanish" ? "RESULT_READ_FAILED" : "RESULT_TRUNCATED";
    await expect(reading).rejects.toMatchObject({ name: "StoreError", code });
    await expect(reading).rejects.toThrow(/Bring .*back, or start a new run|Give the store the key/);
  });
}
