import { expect, test } from "vitest";
import type { Where } from "../store.ts";
import { type MakePlace, WHERE } from "./stage.ts";

const TARGET: Where = { ...WHERE, template: "daily/{task}/{date:yyyy-MM-dd}-{parameters.region}.json" };

/** What every store must do where a template chooses the place. */
export function describeTemplates(makePlace: MakePlace): void {
  keepsTargets(makePlace);
  keepsOneOfMany(makePlace);
}

function keepsTargets(makePlace: MakePlace): void {
  test("a template's place is known before, and another store finds what was written there", async () => {
    const place = await makePlace();
    const store = place.open();
    const location = store.locate?.(TARGET) ?? "";
    expect(await store.exists(location)).toBe(false);
    expect((await store.write({ rows: 3 }, TARGET)).location).toBe(location);
    const other = place.isShared ? place.open() : store;
    expect(other.locate?.({ ...TARGET, runId: "another", attempt: 7 })).toBe(location);
    expect(await other.exists(location)).toBe(true);
    expect(await other.read(location)).toEqual({ rows: 3 });
  });

  test("at a template's place the same result may be written again", async () => {
    const place = await makePlace();
    const store = place.open();
    const { location } = await store.write({ rows: 3 }, TARGET);
    const other = place.isShared ? place.open() : store;
    expect((await other.write({ rows: 3 }, { ...TARGET, attempt: 2 })).location).toBe(location);
  });

  test("at a template's place another result is never replaced, and both are named", async () => {
    const store = (await makePlace()).open();
    const { location } = await store.write("first", TARGET);
    const second = store.write("second", { ...TARGET, taskRunNumber: 8 });
    await expect(second).rejects.toMatchObject({ name: "StoreError", code: "LOCATION_INVALID" });
    await expect(second).rejects.toThrow(/"load" \(number 8.*another result lies/);
    expect(await store.read(location)).toBe("first");
  });
}

function keepsOneOfMany(makePlace: MakePlace): void {
  test("of writers that come at once with different results, one wins and the others are told", async () => {
    const place = await makePlace();
    const one = place.open();
    const stores = Array.from({ length: 4 }, () => (place.isShared ? place.open() : one));
    const ended = await Promise.allSettled(stores.map((store, i) => store.write(`value ${i}`, TARGET)));
    const winner = ended.findIndex(({ status }) => status === "fulfilled");
    const refusals = ended.flatMap((end) => (end.status === "rejected" ? [end.reason as unknown] : []));
    expect(refusals).toEqual(Array(3).fill(expect.objectContaining({ code: "LOCATION_INVALID" })));
    expect(await one.read(one.locate?.(TARGET) ?? "")).toBe(`value ${winner}`);
  });

  test("writers that come at once with the same result all succeed", async () => {
    const place = await makePlace();
    const one = place.open();
    const stores = Array.from({ length: 4 }, () => (place.isShared ? place.open() : one));
    const written = await Promise.all(stores.map((store) => store.write({ rows: 3 }, TARGET)));
    expect(new Set(written.map(({ location }) => location)).size).toBe(1);
  });

  test("mapped children and turns never share a place", async () => {
    const store = (await makePlace()).open();
    const places: Where[] = [TARGET, { ...TARGET, mapIndex: 0 }, { ...TARGET, mapIndex: 1 }, { ...TARGET, turn: 1 }];
    const written = await Promise.all(places.map((where, i) => store.write(i, where)));
    expect(await Promise.all(written.map(({ location }) => store.read(location)))).toEqual([0, 1, 2, 3]);
  });

  test("a template that cannot be rendered is told, and nothing is written", async () => {
    const store = (await makePlace()).open();
    const writing = store.write(1, { ...WHERE, template: "{parameters.absent}.json" });
    await expect(writing).rejects.toMatchObject({ code: "LOCATION_INVALID" });
  });
}
