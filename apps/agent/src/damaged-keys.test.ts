import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createGate, GateError } from "@weir/gate";
import { generateSealKey } from "@weir/protocol/seal";
import { expect, test } from "vitest";
import { checkedKeys } from "./boundary.ts";
import { startFakeCloud } from "./testing/fake-cloud.ts";
import { startRecordedAgent, temporaryDirectory } from "./testing/start.ts";

/** Sets up an agent that seals log lines for itself and for a reader with this key. */
async function sealing(reader: object) {
  const directory = await temporaryDirectory();
  const boundaryFile = join(directory, "weir.boundary.yaml");
  const sealKeyFile = join(directory, "inside.json");
  const seal = { recipients: [{ name: "ada", jwk: reader }] };
  // JSON is YAML.
  writeFileSync(boundaryFile, JSON.stringify({ version: 1, classes: { log: "seal" }, seal }), { mode: 0o600 });
  writeFileSync(sealKeyFile, JSON.stringify(await generateSealKey()), { mode: 0o600 });
  return { boundaryFile, sealKeyFile };
}

test("a reader's key that is no point of its curve is refused at the start, and nothing is asked of the cloud", async () => {
  const { kty, crv, x } = await generateSealKey("P-256");
  const cloud = await startFakeCloud();
  const damaged = { kty, crv, x, y: Buffer.alloc(32, 1).toString("base64url") };
  await expect(startRecordedAgent(cloud, await sealing(damaged))).rejects.toMatchObject({
    name: "AgentError",
    exitCode: 2,
    message: expect.stringContaining("weir.boundary.yaml") as string,
  });
  expect(cloud.enrolments).toEqual([]);
});

test("a key that only the gate finds unusable ends the start as a setting that cannot be used", async () => {
  const cloud = await startFakeCloud();
  const { kty, crv, x } = await generateSealKey();
  const checked: string[] = [];
  const starting = startRecordedAgent(cloud, await sealing({ kty, crv, x }), {
    createGate: (o) => {
      const gate = createGate(o);
      gate.checkKeys = () => {
        checked.push("checked");
        return Promise.reject(new GateError("INVALID", 'The key of the recipient "ada" cannot be used.'));
      };
      return gate;
    },
  });
  await expect(starting).rejects.toMatchObject({ name: "AgentError", exitCode: 2 });
  expect(checked).toEqual(["checked"]);
  expect(cloud.enrolments).toEqual([]);
});

test("what is no matter of keys is not taken for one", async () => {
  const checkKeys = () => Promise.reject(new TypeError("a bug"));
  await expect(checkedKeys({ checkKeys })).rejects.toThrow(TypeError);
});
