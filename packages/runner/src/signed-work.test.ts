import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DEFAULT_POLICY, type Policy } from "@weir/gate";
import type { ClaimedRun } from "@weir/protocol";
import {
  flowStatement,
  keyIdOf,
  makeSigningKey,
  parametersStatement,
  publicHalf,
  type SigningJwk,
  signStatement,
} from "@weir/protocol/signing";
import { expect, test } from "vitest";
import type { RunHandle } from "./run-handle.ts";
import { setStage, type Stage } from "./testing/stage.ts";

async function signer(): Promise<{ key: SigningJwk; policy: Policy }> {
  const key = await makeSigningKey();
  const trustedSigners = [{ name: "ann", jwk: { ...publicHalf(key) } }];
  return { key, policy: { ...DEFAULT_POLICY, trustedSigners } };
}

/** Signatures as the CLI would have made them of the stage's flow, and of these parameters. */
async function signed(stage: Stage, key: SigningJwk, parameters: object): Promise<Partial<ClaimedRun>> {
  const { storage } = stage.flow;
  const registration = { name: "fake", labels: [], tasks: [], storage, sdkVersion: "1" };
  const work = { project: "default", flow: "fake", parameters };
  return {
    signature: await signStatement(await flowStatement("default", registration), key),
    parametersSignature: await signStatement(await parametersStatement(work, { iat: 1 }), key),
  };
}

async function failureOf({ handle, run }: { handle: RunHandle; run: { readonly events: readonly object[] } }) {
  expect(await handle.done).toEqual({ kind: "finished", state: "Failed" });
  // Nothing but its end: no process was there to say anything.
  expect(run.events).toHaveLength(1);
  const [event] = run.events as { failure?: { code?: string; message: string } }[];
  return event?.failure;
}

test("signed work runs", async () => {
  const { key, policy } = await signer();
  const stage = await setStage({}, { policy });
  const { handle } = stage.begin({}, await signed(stage, key, {}));
  expect(await handle.done).toEqual({ kind: "finished", state: "Success" });
});

test("unsigned code is refused before anything is started, with the reason in the run and in the agent's log", async () => {
  const { policy } = await signer();
  const stage = await setStage({}, { policy });
  const failure = await failureOf(stage.begin({}));
  expect(failure?.code).toBe("SIGNATURE_INVALID");
  expect(failure?.message).toContain('The code of flow "fake" in version 1 carries no signature');
  expect(JSON.stringify(stage.told)).toContain("in version 1 carries no signature");
});

test("parameters that nobody signed are refused", async () => {
  const { key, policy } = await signer();
  const stage = await setStage({}, { policy });
  const { signature = "" } = await signed(stage, key, {});
  const failure = await failureOf(stage.begin({ events: [] }, { signature }));
  expect(failure?.message).toContain("carry no signature");
});

test("an attempt that goes on with what an earlier one began is asked again", async () => {
  const { key, policy } = await signer();
  const revoked = { ...policy, revokedSigners: [await keyIdOf(key)] };
  const stage = await setStage({}, { policy: revoked });
  const failure = await failureOf(stage.begin({}, { ...(await signed(stage, key, {})), attempt: 2 }));
  expect(failure?.message).toContain("which the boundary policy has revoked");
});

test("the signature is looked at first: what is not signed is neither opened nor read", async () => {
  const { key, policy } = await signer();
  const stage = await setStage({}, { policy });
  const good = await signed(stage, key, {});
  const storage = { kind: "sealed" as const, box: {} };
  expect((await failureOf(stage.begin({}, { ...good, storage })))?.code).toBe("SIGNATURE_INVALID");
  await writeFile(join(stage.flow.directory, "flow.ts"), "changed");
  expect((await failureOf(stage.begin({})))?.code).toBe("SIGNATURE_INVALID");
  expect((await failureOf(stage.begin({}, good)))?.code).toBe("CODE_CHANGED");
});
