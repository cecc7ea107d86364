import { expect, test } from "vitest";
import { constantStore, secretStore } from "./fixed-stores.ts";
import { WHERE } from "./testing/stage.ts";

test("a constant store reads its value at any location, and refuses to write", async () => {
  const store = constantStore({ rows: 3 });
  expect(await store.read("constant:")).toEqual({ rows: 3 });
  expect(await store.exists(store.locate?.(WHERE) ?? "")).toBe(true);
  await expect(store.write(1, WHERE)).rejects.toMatchObject({ name: "StoreError", code: "RESULT_WRITE_FAILED" });
  await expect(store.write(1, WHERE)).rejects.toThrow('The result of the task "load" was not written');
});

test("a secret store keeps nothing and tells nothing, and reads the secret anew each time", async () => {
  let turn = 0;
  const store = secretStore(async () => `hunter${(turn += 1)}`);
  const written = await store.write("hunter0", WHERE);
  expect(JSON.stringify(written)).not.toContain("hunter");
  expect(written.location).toBe(store.locate?.(WHERE));
  expect([await store.read(written.location), await store.read(written.location)]).toEqual(["hunter1", "hunter2"]);
  expect((await store.write("hunter9", WHERE)).sha256).toBe(written.sha256);
});

test("a secret that cannot be read is told without what was thrown, which could hold it", async () => {
  const store = secretStore(() => {
    throw new RangeError("hunter2 has expired");
  });
  const reading = store.read("secret:password");
  await expect(reading).rejects.toMatchObject({ code: "RESULT_READ_FAILED" });
  await expect(reading).rejects.toThrow(
    "Could not read the secret secret:password again: reading it threw RangeError.",
  );
  await expect(reading).rejects.not.toThrow("hunter2");
  await expect(reading).rejects.not.toHaveProperty("cause");
});

test("what Weir itself says of a missing secret is told", async () => {
  const error = Object.assign(new Error("The secret DB is in no provider."), { code: "SECRET_MISSING" });
  const reading = secretStore(() => Promise.reject(error)).read("secret:x");
  await expect(reading).rejects.toThrow("again: The secret DB is in no provider. Check that this machine can reach it");
});
