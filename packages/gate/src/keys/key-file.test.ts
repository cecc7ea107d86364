import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { KeyFileError, readJwkFile } from "./key-file.ts";

function fileOf(text: string, mode = 0o600): string {
  const directory = mkdtempSync(join(tmpdir(), "weir-keys-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const file = join(directory, "key.json");
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

const read = (file: string) => readJwkFile(file, "WEIR_AGENT_SEAL_KEY_FILE");

test("one key and a list of keys are read in order", () => {
  expect(read(fileOf('{"kty":"OKP","d":"x"}'))).toEqual([{ kty: "OKP", d: "x" }]);
  expect(read(fileOf('{"keys":[{"kid":"new"},{"kid":"old"}]}'))).toEqual([{ kid: "new" }, { kid: "old" }]);
});

test.each([["group", 0o640] as const, ["everybody", 0o604] as const])(
  "a key that %s may read is not used, and the sentence says how to mend it",
  (_who, mode) => {
    const file = fileOf('{"kty":"OKP","d":"private-half"}', mode);
    expect(() => read(file)).toThrow(`chmod 600 ${JSON.stringify(file)}`);
  },
);

test.each([
  ["no JSON", "private-half of a key"],
  ["no object", '"private-half"'],
  ["an empty list", '{"keys":[]}'],
  ["a list of texts", '{"keys":["private-half"]}'],
])("%s is told without quoting it", (_what, text) => {
  const error = (() => {
    try {
      return read(fileOf(text));
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(KeyFileError);
  expect((error as Error).message).toContain("no key in JWK form");
  expect((error as Error).message).not.toContain("private-half");
});

test("a file that is not there is told with its name and who named it", () => {
  expect(() => read("/nowhere/key.json")).toThrow(
    "WEIR_AGENT_SEAL_KEY_FILE names /nowhere/key.json, which cannot be read (ENOENT).",
  );
});
