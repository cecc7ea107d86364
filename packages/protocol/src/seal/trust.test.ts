import { expect, test } from "vitest";
import { Keyring } from "./keyring.ts";
import { generateSealKey, publicHalf } from "./keys.ts";
import { SealError } from "./seal-error.ts";
import { readTrust, sealParameters } from "./trust.ts";

async function messageOf(value: unknown): Promise<string> {
  const error = await readTrust(value, "weir.trust.json").catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(SealError);
  return (error as SealError).message;
}

test("parameters are sealed for the agents and for every reader of the trust file", async () => {
  const [inside, reader, stranger] = [await generateSealKey(), await generateSealKey("P-256"), await generateSealKey()];
  const trust = await readTrust({
    version: 1,
    inside: publicHalf(inside),
    recipients: [{ name: "ada", jwk: publicHalf(reader) }],
    signers: [],
  });
  const sealed = await sealParameters({ day: "2026-05-01", top: 5 }, trust);
  expect(Object.keys(sealed)).toEqual(["$sealed"]);
  const wire = JSON.parse(JSON.stringify(sealed)) as never;
  for (const key of [inside, reader])
    expect(await new Keyring([key]).openJson(wire)).toEqual({ day: "2026-05-01", top: 5 });
  await expect(new Keyring([stranger]).openJson(wire)).rejects.toThrow(/sealed for the keys/);
});

test("a trust file that cannot be used says what is wrong with it, and where", async () => {
  const key = await generateSealKey();
  const inside = publicHalf(key);
  expect(await messageOf("text")).toMatch(/^weir\.trust\.json has no version/);
  expect(await messageOf({ version: 2, inside })).toMatch(/is of version 2/);
  expect(await messageOf({ version: 1 })).toMatch(/^The inside key in weir\.trust\.json is no JSON Web Key/);
  expect(await messageOf({ version: 1, inside: key })).toMatch(/holds the private half too/);
  expect(await messageOf({ version: 1, inside, recipients: {} })).toMatch(/"recipients" that are no list/);
  expect(await messageOf({ version: 1, inside, signers: [{ name: "ada" }] })).toMatch(/"signers\[0\]" that is no/);
  const recipients = [{ name: "ada", jwk: { ...inside, x: "short" } }];
  expect(await messageOf({ version: 1, inside, recipients })).toMatch(
    /^The key of "ada" in weir\.trust\.json has an "x"/,
  );
});
