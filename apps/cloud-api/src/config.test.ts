import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { CLOUD_DEFAULTS, ConfigError, readConfig } from "./config.ts";

const DATABASE = { WEIR_DATABASE_URL: "postgres://x/y", WEIR_CLOUD_SECRET: "s" };

test("two variables are enough; the rest has defaults", () => {
  expect(readConfig(DATABASE)).toEqual({ ...CLOUD_DEFAULTS, database: { url: "postgres://x/y" }, secret: "s" });
  expect(readConfig({ WEIR_EMBEDDED_DIRECTORY: ".weir" })).toEqual({
    ...CLOUD_DEFAULTS,
    database: { embeddedDirectory: ".weir" },
  });
});

test("secrets may stand in files", () => {
  const directory = mkdtempSync(join(tmpdir(), "weir-config-"));
  writeFileSync(join(directory, "url"), "postgres://from/file\n");
  writeFileSync(join(directory, "secret"), "hidden\n");
  const env = { WEIR_DATABASE_URL_FILE: join(directory, "url"), WEIR_CLOUD_SECRET_FILE: join(directory, "secret") };
  expect(readConfig(env)).toMatchObject({ database: { url: "postgres://from/file" }, secret: "hidden" });
  rmSync(directory, { recursive: true });
  expect(() => readConfig(env)).toThrow(/WEIR_DATABASE_URL_FILE names .*url, which cannot be read: ENOENT/);
});

test("a database behind a pooler has up to three logins, each of its own variable", () => {
  const env = {
    ...DATABASE,
    WEIR_DATABASE_OWNER_URL: "postgres://owner/y",
    WEIR_DATABASE_DIRECT_URL: "postgres://past/y",
  };
  expect(readConfig(env).database).toEqual({
    url: "postgres://x/y",
    ownerUrl: "postgres://owner/y",
    directUrl: "postgres://past/y",
  });
});

test("where people reach the cloud is an origin, and who may sign up is one of two words", () => {
  expect(readConfig({ ...DATABASE, WEIR_PUBLIC_URL: "https://weir.example/", WEIR_SIGN_UP: "open" })).toMatchObject({
    publicUrl: "https://weir.example",
    signUp: "open",
  });
  for (const url of ["weir.example", "https://weir.example/path", "ftp://weir.example", "https://a:b@weir.example"])
    expect(() => readConfig({ ...DATABASE, WEIR_PUBLIC_URL: url })).toThrow(/^WEIR_PUBLIC_URL is ".*https:\/\/weir\./);
  expect(() => readConfig({ ...DATABASE, WEIR_SIGN_UP: "yes" })).toThrow("it takes closed or open");
});

test("history is kept for ever, or for some whole days", () => {
  const read = (text: string) => readConfig({ ...DATABASE, WEIR_RETENTION_DAYS: text }).retentionDays;
  expect([read(""), read("1"), read("90")]).toEqual([null, 1, 90]);
  for (const wrong of ["0", "0.5", "-1", "ever"])
    expect(() => read(wrong)).toThrow(`WEIR_RETENTION_DAYS is "${wrong}"; it takes a whole number from 1 to 36500.`);
});

test("trusted proxies are networks", () => {
  const read = (text: string) => readConfig({ ...DATABASE, WEIR_TRUSTED_PROXIES: text }).trustedProxies;
  expect(read("10.0.0.0/8, 2001:db8::1")).toEqual(["10.0.0.0/8", "2001:db8::1/128"]);
  expect(read("")).toEqual([]);
  for (const wrong of ["true", "*", "loopback", "10.0.0.0/8,proxy"])
    expect(() => read(wrong)).toThrow(/^WEIR_TRUSTED_PROXIES: ".*" is no network/);
});

test("what is missing or out of range is named, with what would do", () => {
  expect(() => readConfig({})).toThrow(/WEIR_DATABASE_URL .* WEIR_EMBEDDED_DIRECTORY/);
  expect(() => readConfig({ WEIR_DATABASE_URL: "postgres://x/y" })).toThrow(/WEIR_CLOUD_SECRET .* is not set/);
  expect(() => readConfig({ ...DATABASE, WEIR_LEASE_SECONDS: "soon" })).toThrow(
    'WEIR_LEASE_SECONDS is "soon"; it takes a number from 0.5 to 3600.',
  );
  expect(() => readConfig({ ...DATABASE, WEIR_CLOUD_PORT: "70000" })).toThrow("a whole number from 0 to 65535");
  expect(() => readConfig({ ...DATABASE, WEIR_LOG_LEVEL: "loud" })).toThrow(ConfigError);
});
