import { generateSealKey, Keyring, publicHalf } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { preparedRun } from "./prepared-run.ts";

const CANARY = "canary-5105";
const given = { day: CANARY };

async function keptTrust() {
  const [inside, reader] = [await generateSealKey(), await generateSealKey("P-256")];
  const recipients = [{ name: "ada", jwk: publicHalf(reader) }];
  const trust = { version: 1 as const, inside: publicHalf(inside), recipients, signers: [] };
  return { keys: [inside, reader], kept: { trust, alwaysSeals: true, keptAt: "" } };
}

test("what is sealed crosses sealed, for the agents and the readers, and asks the same of the run", async () => {
  const { keys, kept } = await keptTrust();
  const prepared = await preparedRun({ given, action: "seal", boundary: { log: "drop" }, trust: kept });
  expect(JSON.stringify(prepared)).not.toContain(CANARY);
  expect(prepared.boundary).toEqual({ log: "drop", parameter: "seal" });
  const wire = JSON.parse(JSON.stringify(prepared.parameters)) as never;
  for (const key of keys) expect(await new Keyring([key]).openJson(wire)).toEqual(given);
});

test("with nobody to seal for nothing is prepared at all", async () => {
  const failure = preparedRun({ given, action: "seal", boundary: {}, trust: null });
  await expect(failure).rejects.toThrow(/no keys to seal for\. Nothing was sent\. Import a trust file/);
});

test("a run whose parameters are dropped is given none", async () => {
  const { kept } = await keptTrust();
  await expect(preparedRun({ given, action: "drop", boundary: {}, trust: kept })).rejects.toThrow(/Nothing was sent/);
  const prepared = await preparedRun({ given: {}, action: "drop", boundary: {}, trust: null });
  expect(prepared).toEqual({ boundary: { parameter: "drop" } });
});

test("where nobody asks for more, what was given is sent, and nothing besides", async () => {
  const { kept } = await keptTrust();
  expect(await preparedRun({ given, action: "send", boundary: {}, trust: kept })).toEqual({ parameters: given });
  expect(await preparedRun({ given: {}, action: "send", boundary: { log: "seal" }, trust: null })).toEqual({
    boundary: { log: "seal" },
  });
});
