import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateSealKey, Keyring, publicHalf } from "@weir/protocol/seal";
import { expect, onTestFinished, test } from "vitest";
import { SealError, sealParameters } from "./index.ts";

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "weir sdk seal "));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

test("a program seals the parameters of a run for whoever its trust file names", async () => {
  const [inside, reader] = [await generateSealKey(), await generateSealKey("P-256")];
  const recipients = [{ name: "ada", jwk: publicHalf(reader) }];
  const trust = { version: 1, inside: publicHalf(inside), recipients, signers: [] };
  const file = join(await folder(), "weir.trust.json");
  await writeFile(file, JSON.stringify(trust));
  for (const given of [file, trust]) {
    const wire = JSON.parse(JSON.stringify(await sealParameters({ day: "2026-01-31" }, given))) as never;
    expect(JSON.stringify(wire)).not.toContain("2026");
    for (const key of [inside, reader]) expect(await new Keyring([key]).openJson(wire)).toEqual({ day: "2026-01-31" });
  }
});

test("a trust file that is not there, or is none, is a sentence that names it", async () => {
  const file = join(await folder(), "weir.trust.json");
  await expect(sealParameters({}, file)).rejects.toThrow(/weir\.trust\.json cannot be read \(ENOENT\)/);
  await writeFile(file, "{");
  await expect(sealParameters({}, file)).rejects.toThrow(/weir\.trust\.json is no JSON/);
  await writeFile(file, "{}");
  await expect(sealParameters({}, file)).rejects.toThrow(SealError);
});
