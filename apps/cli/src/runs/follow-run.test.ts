import { ConnectionError } from "@weir/client";
import { Refusal, type SealKey } from "@weir/protocol";
import { expect, test } from "vitest";
import type { Answers } from "../connection/answers.ts";
import type { Cloud } from "../connection/cloud.ts";
import { createReader } from "../seal/reader.ts";
import { fakeIo } from "../testing/fake-io.ts";
import { update } from "../testing/sample-run.ts";
import { followRun } from "./follow-run.ts";

/** A cloud whose streams end as told. */
function streams(...told: ((after: string | undefined) => AsyncIterable<Answers["FlowRunUpdates"]>)[]) {
  const asked: (string | undefined)[] = [];
  const subscribe = (_operation: string, variables: { after?: string }) => {
    asked.push(variables.after);
    return (told.shift() ?? (() => broken("", new Refusal("FORBIDDEN", "asked too often"))))(variables.after);
  };
  return { asked, cloud: { subscribe, reader: createReader({ env: {}, cwd: "/" }) } as unknown as Cloud };
}

/** A message of the stream, as it comes: with the wrapped keys of what is sealed in it. */
function sealedBy(sealKeys: readonly SealKey[], after: string): Answers["FlowRunUpdates"]["flowRunUpdates"] {
  const plain = update({ after });
  return { ...plain, flowRun: { ...plain.flowRun, sealKeys } };
}

async function* broken(after: string, error: Error): AsyncGenerator<Answers["FlowRunUpdates"]> {
  yield { flowRunUpdates: sealedBy([], after) };
  throw error;
}

async function* whole(after: string): AsyncGenerator<Answers["FlowRunUpdates"]> {
  yield { flowRunUpdates: sealedBy([], after) };
}

async function collect(cloud: Cloud): Promise<string[]> {
  const seen: string[] = [];
  for await (const { after } of followRun(fakeIo(), cloud, "id")) seen.push(after);
  return seen;
}

test("a stream that breaks is taken up where it broke", async () => {
  const cut = new ConnectionError("UNREACHABLE", "cut");
  const { cloud, asked } = streams(
    () => broken("1.5", cut),
    () => broken("1.9", cut),
    () => whole("2.1"),
  );
  expect(await collect(cloud)).toEqual(["1.5", "1.9", "2.1"]);
  expect(asked).toEqual([undefined, "1.5", "1.9"]);
});

test("a no that stays a no ends the following", async () => {
  const { cloud } = streams(() => broken("1.5", new Refusal("KEY_REVOKED", "The key was revoked.")));
  await expect(collect(cloud)).rejects.toThrow("The key was revoked.");
});
