import { afterAll, beforeAll, expect, test } from "vitest";
import { playFullRun } from "./full-run.ts";
import { type Deed, readSightings, type Sighting } from "./sighting.ts";
import { type Stage, startStage } from "./stage.ts";

// A full run of real processes, each of which writes down every way out that it takes (watch.ts). The lists are whole: one place more, or one
// module more that opens something, and a test fails. What the sources could do is in ../repository/one-way-out.test.ts.

const FLOW = "packages/testing/src/connections/flows/connecting.flow.ts";
const CLI = "apps/cli/src/main.ts";
const LOCAL = "apps/cli/src/flows/local-main.ts";
const AGENT = "apps/agent/src/main.ts";
const CHILD = "packages/sdk/src/child/main.ts";
const INSPECT = "packages/sdk/src/inspect/main.ts";
const READ_RESULT = "packages/sdk/src/inspect/read-result-main.ts";
const THREAD = "piscina/dist/worker.js (thread)";

const CLIENT = "packages/client/src/client.ts";

let stage: Stage;
let sightings: Sighting[];

beforeAll(async () => {
  stage = await startStage();
  await playFullRun(stage);
  sightings = readSightings(stage.sightings);
}, 300_000);

afterAll(async () => {
  expect(await stage.stop()).toEqual([]);
}, 60_000);

/** What was done of these kinds, once each, without what differs from one time to the next. */
function told(chosen: readonly Sighting[], deeds: readonly Deed[]): string[] {
  const clean = (text: string): string =>
    text
      .replace(/^.*\/(?=piscina\/)/, "")
      .replace(stage.cloudHost, "CLOUD")
      .replace(stage.socket, "SOCKET")
      .replace(`:${stage.own.port}`, "");
  const sentences = chosen
    .filter(({ deed }) => deeds.includes(deed))
    .map(
      ({ program, deed, target, modules }) => `${clean(program)} ${deed} ${clean(target)}, ${modules[0] ?? "nobody"}`,
    );
  return [...new Set(sentences)].toSorted();
}

const WAYS_OUT = ["connected to", "asked", "looked up", "sent to"] as const;

/** Through which of our modules a flow's own code went out, if through any. */
const isOfFlow = ({ modules }: Sighting): boolean => modules[0] === FLOW;

test("every program of the user's side is watched: those that a person starts, and those that these start", () => {
  expect(told(sightings, ["started"])).toEqual(
    [
      `${AGENT} started /bin/sh, packages/runner/src/watchdog.ts`,
      `${AGENT} started ${CHILD}, packages/runner/src/child.ts`,
      `${CLI} started ${LOCAL}, apps/cli/src/flows/run-locally.ts`,
      `${CLI} started ${INSPECT}, apps/cli/src/flows/inspect.ts`,
      `${CLI} started ${READ_RESULT}, apps/cli/src/results/read-with-flow.ts`,
    ].toSorted(),
  );
  const programs = [AGENT, CHILD, CLI, LOCAL, INSPECT, READ_RESULT, THREAD];
  expect(told(sightings, ["began"])).toEqual(programs.map((name) => `${name} began ${name}, nobody`).toSorted());
});

test("what a flow opens by itself is seen, in whatever way it does, in its process and in a thread", () => {
  expect(told(sightings.filter(isOfFlow), WAYS_OUT)).toEqual(
    [
      // Plain, socket, TLS, HTTP, HTTP/2, fetch, WebSocket.
      ...["127.0.0.2", "SOCKET", "127.0.0.3", "127.0.0.4", "127.0.0.5", "127.0.0.6", "127.0.0.7"].map(
        (place) => `${CHILD} connected to ${place}, ${FLOW}`,
      ),
      ...["127.0.0.4", "127.0.0.6", "127.0.0.7"].map((place) => `${CHILD} asked http://${place}, ${FLOW}`),
      `${CHILD} sent to 127.0.0.8, ${FLOW}`,
      `${CHILD} looked up localhost, ${FLOW}`,
      `${CHILD} looked up resolved.invalid, ${FLOW}`,
      `${THREAD} connected to 127.0.0.9, ${FLOW}`,
    ].toSorted(),
  );
});

test("all else that goes out goes to the cloud, from the agent and the command line alone, through the client", () => {
  const ways = ["asked http://CLOUD", "connected to CLOUD", "looked up localhost"];
  expect(
    told(
      sightings.filter((sighting) => !isOfFlow(sighting)),
      WAYS_OUT,
    ),
  ).toEqual([AGENT, CLI].flatMap((program) => ways.map((way) => `${program} ${way}, ${CLIENT}`)));
});
