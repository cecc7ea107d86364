import { expect, test } from "vitest";
import { localStore } from "../local/local-store.ts";
import { memoryStore } from "../memory-store.ts";
import type { Store } from "../store.ts";
import { describeStore } from "../testing/describe-store.ts";
import { emptyDirectory, localDamage } from "../testing/local-place.ts";
import { WHERE } from "../testing/stage.ts";
import { jsonSerializer, type Serializer, v8Serializer, zstd } from "./serializer.ts";

const csv: Serializer = {
  name: "csv",
  serialize: (rows) => (rows as string[][]).map((row) => row.join(",")).join("\n"),
  deserialize: (bytes) =>
    Buffer.from(bytes)
      .toString()
      .split("\n")
      .map((line) => line.split(",")),
};
const ROWS = [
  ["a", "1"],
  ["b", "2"],
];

describeStore("local, compressed", async () => {
  const directory = await emptyDirectory();
  return { open: () => localStore({ directory, compress: true }), isShared: true, ...localDamage(directory) };
});

async function through(store: Store, value: unknown): Promise<unknown> {
  return await store.read((await store.write(value, WHERE)).location);
}

test("v8 keeps what JSON cannot: cycles, typed arrays, errors, regular expressions", async () => {
  const value: Record<string, unknown> = { at: new Float64Array([1.5]), rule: /x/g, big: 3n, none: undefined };
  value["self"] = value;
  const back = (await through(memoryStore({ serializer: v8Serializer }), value)) as typeof value;
  expect(back["self"]).toBe(back);
  expect({ ...back, self: null }).toEqual({ ...value, self: null });
});

test("v8 refuses a function with a sentence", async () => {
  const writing = memoryStore({ serializer: v8Serializer }).write({ fn: () => 1 }, WHERE);
  await expect(writing).rejects.toMatchObject({ name: "StoreError", code: "RESULT_NOT_SERIALIZABLE" });
  await expect(writing).rejects.toThrow(/cannot be written by the serializer v8: .*could not be cloned/);
});

test("compression makes large results small", async () => {
  const store = memoryStore({ compress: true });
  const value = Array.from({ length: 10_000 }, () => "the same row again");
  const { bytes, location } = await store.write(value, WHERE);
  expect(bytes).toBeLessThan(1_000);
  expect(location).toMatch(/\.json\.zst$/);
  expect(await store.read(location)).toEqual(value);
});

test("a serializer of the user's own, compressed and not", async () => {
  expect(await through(memoryStore({ serializer: csv }), ROWS)).toEqual(ROWS);
  expect(await through(memoryStore({ serializer: zstd(csv, { level: 19 }) }), ROWS)).toEqual(ROWS);
});

test.each([
  ["alone", 1],
  ["among others in one file", 5],
])("what is not JSON says in its file by what it was written: %s", async (_how, count) => {
  const directory = await emptyDirectory();
  const store = localStore({ directory, serializer: csv });
  const writes = Array.from({ length: count }, (_, i) => store.write(ROWS, { ...WHERE, taskRunNumber: i + 1 }));
  const [written] = await Promise.all(writes);
  expect(await localStore({ directory, serializer: csv }).read(written?.location ?? "")).toEqual(ROWS);
  const reading = localStore({ directory }).read(written?.location ?? "");
  await expect(reading).rejects.toMatchObject({ code: "RESULT_READ_FAILED" });
  await expect(reading).rejects.toThrow('it was written with the serializer "csv", and this store has "json"');
});

test("what Weir's own serializers wrote is read whatever the store has now", async () => {
  const directory = await emptyDirectory();
  const writers = [jsonSerializer, v8Serializer, zstd(jsonSerializer), zstd(v8Serializer)];
  const stores = writers.map((serializer) => localStore({ directory, serializer }));
  const written = await Promise.all(stores.map((store, i) => store.write({ i }, { ...WHERE, taskRunNumber: i + 1 })));
  for (const store of [...stores, localStore({ directory, serializer: zstd(csv) })]) {
    const read = written.map(({ location }) => store.read(location));
    expect(await Promise.all(read)).toEqual(writers.map((_, i) => ({ i })));
  }
});

test("the same bytes of another serializer are another result", async () => {
  const store = (name: string) => localStore({ directory, serializer: { ...csv, name } });
  const directory = await emptyDirectory();
  await store("csv").write(ROWS, { ...WHERE, template: "rows.csv" });
  const writing = store("tsv").write(ROWS, { ...WHERE, template: "rows.csv" });
  await expect(writing).rejects.toMatchObject({ code: "LOCATION_INVALID" });
});

test("a store that compresses reads what it wrote before it did", async () => {
  const directory = await emptyDirectory();
  const { location } = await localStore({ directory, serializer: csv }).write(ROWS, WHERE);
  expect(await localStore({ directory, serializer: csv, compress: true }).read(location)).toEqual(ROWS);
});

test("a serializer that cannot read what it wrote once is told with its reason, and keeps the code of an older shape", async () => {
  const directory = await emptyDirectory();
  const { location } = await localStore({ directory, serializer: csv }).write(ROWS, WHERE);
  const deserialize = () => {
    throw new Error("a third column is missing");
  };
  const reading = localStore({ directory, serializer: { ...csv, deserialize } }).read(location);
  await expect(reading).rejects.toMatchObject({ name: "StoreError", code: "RESULT_READ_FAILED" });
  await expect(reading).rejects.toThrow("cannot read what it wrote once: a third column is missing. Start a new run");
});

test.each(["json", "v8", "", "a b", "a+zstd", "x".repeat(61)])("a serializer cannot be named %j", (name) => {
  expect(() => memoryStore({ serializer: { ...csv, name } })).toThrow("A serializer cannot be named");
});

test("JSON of 1 GiB ends with a sentence, and the store goes on", async () => {
  // A thousand times the same mebibyte: in memory it is one, written it would be a gibibyte.
  const part = "x".repeat(2 ** 20);
  const value = Array.from({ length: 1_024 }, () => part);
  const store = localStore({ directory: await emptyDirectory() });
  await expect(store.write(value, WHERE)).rejects.toMatchObject({
    name: "StoreError",
    code: "RESULT_NOT_SERIALIZABLE",
  });
  await expect(store.read((await store.write("small", WHERE)).location)).resolves.toBe("small");
});
