import { chmodSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readSettings } from "../connection/settings.ts";
import { profileFile, profileNames, readProfile, removeProfile, writeProfile } from "./profile-files.ts";

function home(): { HOME: string } {
  const HOME = mkdtempSync(join(tmpdir(), "weir home "));
  onTestFinished(() => rmSync(HOME, { recursive: true, force: true }));
  return { HOME };
}

const PROFILE = { url: "https://weir.example", key: "weir_u_x", email: "ada@x.example", tenant: "acme" };

test("a profile is read as it was written, by its owner alone, and is gone when it was removed", () => {
  const env = home();
  expect(readProfile(env, "default")).toBeNull();
  const file = writeProfile(env, "default", PROFILE);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readProfile(env, "default")).toEqual(PROFILE);
  expect(profileNames(env)).toEqual(["default"]);
  chmodSync(file, 0o644);
  expect(() => readProfile(env, "default")).toThrow(/is not yours alone.*chmod 600/);
  removeProfile(env, "default");
  expect(profileNames(env)).toEqual([]);
});

test("a profile that was named counts before everything, the one by default after everything", () => {
  const env = home();
  writeProfile(env, "default", PROFILE);
  writeProfile(env, "ci", { url: "https://other.example", key: "weir_u_ci" });
  const key = (more: object = {}) => readSettings({ ...env, ...more }, env.HOME).key;
  expect(key()).toBe("weir_u_x");
  expect(key({ WEIR_API_KEY: "weir_u_env" })).toBe("weir_u_env");
  expect(key({ WEIR_API_KEY: "weir_u_env", WEIR_PROFILE: "ci" })).toBe("weir_u_ci");
  expect(() => key({ WEIR_PROFILE: "gone" })).toThrow("There is no profile gone");
});

test.each(["../x", "", ".hidden", "a b", "a/b"])("%j is no name of a profile", (name) => {
  expect(() => profileFile(home(), name)).toThrow("is no name of a profile");
});

test("what is no profile is told, and so is a home that nobody knows", () => {
  const env = home();
  writeFileSync(writeProfile(env, "odd", PROFILE), "{}");
  expect(() => readProfile(env, "odd")).toThrow("does not hold { url, key }");
  expect(() => profileFile({}, "default")).toThrow("HOME is not set");
  expect(profileNames({})).toEqual([]);
});
