import { describe, expect, test } from "vitest";
import { StoreError, type Store, type Where } from "../store.ts";

const WHERE: Where = {
  runId: "0197a0b0-0000-7000-8000-000000000001",
  flow: "nightly",
  task: "load",
  taskRunNumber: 1,
  attempt: 1,
  tryNumber: 1,
};

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
 * @param makeStore gives an empty store.
 */
export function describeStore(name: string, makeStore: () => Promise<Store>): void {
  describe(`store contract: ${name}`, () => {
    keepsValues(makeStore);
    keepsApart(makeStore);
    refuses(makeStore);
  });
}

function keepsValues(makeStore: () => Promise<Store>): void {
  test("gives back an equal value, of every kind that the serializer knows", async () => {
    const store = await makeStore();
    const written = await store.write(VALUE, WHERE);
    expect(await store.read(written.location)).toStrictEqual(VALUE);
    expect(written.bytes).toBeGreaterThan(0);
    expect(written.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  test.each([[undefined], [null], [0], [""], [[]], [{}]])("a bare %j is a value too", async (value) => {
    const store = await makeStore();
    const { location } = await store.write(value, WHERE);
    expect(await store.read(location)).toStrictEqual(value);
  });

  test("what was written does not change with the value afterwards", async () => {
    const store = await makeStore();
    const value = { count: 1 };
    const { location } = await store.write(value, WHERE);
    value.count = 2;
    expect(await store.read(location)).toEqual({ count: 1 });
  });
}

function keepsApart(makeStore: () => Promise<Store>): void {
  test("every execution has a location of its own", async () => {
    const store = await makeStore();
    const places: Where[] = [
      WHERE,
      { ...WHERE, tryNumber: 2 },
      { ...WHERE, attempt: 2 },
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
    const store = await makeStore();
    await store.write("first", WHERE);
    const { location } = await store.write("second", WHERE);
    expect(await store.read(location)).toBe("second");
  });

  test("knows what exists", async () => {
    const store = await makeStore();
    const { location } = await store.write(1, WHERE);
    expect(await store.exists(location)).toBe(true);
    expect(await store.exists(location.replace("load-1", "load-2"))).toBe(false);
  });
}

function refuses(makeStore: () => Promise<Store>): void {
  test("a value that cannot be written is refused, and nothing is there", async () => {
    const store = await makeStore();
    const refused = store.write({ rows: [1, { fn: () => 1 }] }, WHERE);
    await expect(refused).rejects.toMatchObject({ code: "RESULT_NOT_SERIALIZABLE" });
    await expect(refused).rejects.toThrow("value.rows[1].fn is a function");
    const { location } = await store.write(1, { ...WHERE, tryNumber: 2 });
    expect(await store.exists(location.replace("-t2", "-t1"))).toBe(false);
  });

  test("a location without a result is a sentence with its name and the way out", async () => {
    const store = await makeStore();
    const { location } = await store.write(1, WHERE);
    const reading = store.read(location.replace("load-1", "load-9"));
    await expect(reading).rejects.toBeInstanceOf(StoreError);
    await expect(reading).rejects.toMatchObject({ code: "RESULT_READ_FAILED" });
    await expect(reading).rejects.toThrow(/load-9.*start a new run/i);
  });
}
