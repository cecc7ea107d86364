import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { LocalKeys } from "@weir/cloud-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWorld, weir } from "../faults/start-world.ts";
import { untilOver } from "../faults/until-over.ts";
import type { World } from "../faults/world.ts";
import { root } from "../repository/repository.ts";
import { cleanFlights } from "../../../../examples/flights/clean.ts";
import { airportsFile, flightsFile, loadAirports, loadFlights } from "../../../../examples/flights/data.ts";
import { busiestOrigins, delayStatistics } from "../../../../examples/flights/statistics.ts";
import { everyFile, everyTable } from "./everything.ts";
import type { Canaries } from "./flows/canaries.flow.ts";
import { formsOf } from "./forms.ts";
import { resultPieces, sourceLines } from "./pieces.ts";
import { type Needle, type Place, search, SHORTEST_NEEDLE } from "./search.ts";

// First form of the proof: real processes run the example, a flow with something to hide in every channel, and one that crashes.
// Then everything that the cloud holds or printed is searched.

const EXAMPLE = "examples/flights/flights.flow.ts";
const FLOWS = [
  EXAMPLE,
  "packages/testing/src/proof/flows/canaries.flow.ts",
  "packages/testing/src/proof/flows/uncaught.flow.ts",
];

const canary = (channel: string) => `canary "${channel}" ä/+? ${randomBytes(9).toString("hex")}`;
const CHANNELS = [
  "input",
  "output",
  "mappedInput",
  "mappedOutput",
  "local",
  "retried",
  "secret",
  "logLine",
  "failure",
  "cause",
] as const;
const canaries = Object.fromEntries(CHANNELS.map((channel) => [channel, canary(channel)])) as Record<
  keyof Canaries,
  string
>;
const visible = canary("parameter");
const environment = {
  CANARY_TOKEN: canaries.secret,
  PLAIN_VALUE: canary("agent environment"),
  LC_CANARY: canary("child environment"),
};

let world: World;
/** Every row of every table, and what the cloud printed. */
let tables: Place[];
/** These, and every file of the database server. */
let places: Place[];

beforeAll(async () => {
  world = await startWorld({ agents: 1, warmChildren: 1, agentEnv: environment, flows: FLOWS });
  await weir(world, ["run", "flights", "-p", "top=50", "-p", "minDelay=15"]);
  const canariesFile = join(world.directory, "canaries.json");
  writeFileSync(canariesFile, JSON.stringify(canaries));
  await runToItsEnd("canaries", { canariesFile, visible });
  await runToItsEnd("uncaught", {});
  const log = { name: "the cloud's own log", content: readFileSync(world.cloud.settings.logFile, "utf8") };
  tables = [...(await everyTable(world.pool)), log];
  places = [...tables, ...(await everyFile(world.pool, world.postgres.dataDirectory))];
}, 180_000);

afterAll(async () => {
  expect(await world.stop()).toEqual([]);
}, 60_000);

async function runToItsEnd(flow: string, parameters: unknown): Promise<void> {
  const id = await world.operator.createRun(flow, parameters, flow);
  expect(await untilOver(world, id, 60_000), `the run of ${flow} ended`).toBeDefined();
}

const tell = (needles: readonly Needle[], among: readonly Place[]) =>
  search(needles, among).map(({ needle, form, place }) => `${needle}, as ${form}, in ${place}`);

const KEPT_BACK = ["input", "output", "mappedInput", "mappedOutput", "local", "retried", "secret"] as const;
const ALLOWED = ["logLine", "failure", "cause"] as const;

test("no input, output, local variable, environment value or secret of a task is anywhere, in whatever form", () => {
  const ofTasks = KEPT_BACK.map((channel) => ({ name: channel, text: canaries[channel] }));
  const ofEnvironment = Object.entries(environment).map(([name, text]) => ({ name, text }));
  expect(tell([...ofTasks, ...ofEnvironment], places)).toEqual([]);
});

test("no line of the flows' source is anywhere", () => {
  const lines = FLOWS.map((flow) => dirname(join(root, flow))).flatMap(sourceLines);
  expect(lines.length).toBeGreaterThan(200);
  expect(tell(lines, tables)).toEqual([]);
});

test("nothing of what the example's tasks returned is anywhere", () => {
  // What `publish-report` returns is where the report lies, and the flow itself shows that to people as an artifact.
  const pieces = resultPieces(world.resultsDirectory).filter(({ name }) => !name.startsWith("publish-report"));
  expect(pieces.length).toBeGreaterThan(200);
  expect(tell(pieces, tables)).toEqual([]);
});

test("no delay, date, airport or report line of the example is anywhere", async () => {
  const { kept } = cleanFlights(await loadFlights(flightsFile));
  const origins = busiestOrigins(kept, 50);
  const names = new Map((await loadAirports(airportsFile)).map((airport) => [airport.iata, airport.name]));
  const needles = [
    ...kept.slice(0, 200).map((flight, index) => ({ name: `row ${index}`, text: JSON.stringify(flight) })),
    ...kept.slice(0, 200).map(({ date }, index) => ({ name: `date of row ${index}`, text: date })),
    ...origins.map(({ iata, delays }) => ({ name: `delays at ${iata}`, text: delays.slice(0, 12).join(",") })),
    ...origins.map(({ iata }) => ({ name: `name of ${iata}`, text: names.get(iata) ?? "" })),
    ...origins.map((origin) => ({ name: `mean at ${origin.iata}`, text: String(delayStatistics(origin, 15).mean) })),
  ].filter(({ text }) => text.length >= SHORTEST_NEEDLE);
  expect(needles.length).toBeGreaterThan(400);
  expect(tell(needles, tables)).toEqual([]);
});

test("no key, no token and not the cloud's own secret is anywhere: hashes are", () => {
  const keys = JSON.parse(readFileSync(world.keysFile, "utf8")) as LocalKeys;
  const secret = readFileSync(join(world.directory, "cloud", "cloud-secret"), "utf8").trim();
  const needles = [
    { name: "user key", text: keys.userKey },
    { name: "agent key", text: keys.agentKey },
    { name: "cloud secret", text: secret },
  ];
  expect(tell(needles, places)).toEqual([]);
  // A JWT begins with the base64 of `{"` twice.
  const signed = /eyJ[\w-]{16,}\.eyJ[\w-]{16,}\./;
  expect(places.filter(({ content }) => signed.test(content.toString("latin1"))).map(({ name }) => name)).toEqual([]);
});

test("parameters, log lines, failure messages and result locations are there", () => {
  const allowed = [
    { name: "parameter", text: visible },
    ...ALLOWED.map((channel) => ({ name: channel, text: canaries[channel] })),
    { name: "location", text: world.resultsDirectory },
    { name: "uncaught", text: "thrown outside of any promise" },
  ];
  const finds = search(allowed, tables);
  const placesOf = (name: string) =>
    finds.filter(({ needle }) => needle === name).map(({ place }) => place.replace(/_p?\d.*$/, ""));
  expect(placesOf("parameter").join()).toContain("flow_runs");
  expect(placesOf("logLine").join()).toContain("logs");
  expect(placesOf("failure").join()).toContain("task_run_states");
  expect(placesOf("failure").join()).toContain("flow_run_states");
  expect(placesOf("cause").join()).toContain("task_run_states");
  expect(placesOf("location").join()).toContain("task_runs");
  expect(placesOf("uncaught").join()).toContain("flow_run_states");
});

test("a canary that is planted in a table in any of the forms is found there", async () => {
  const planted = canary("planted");
  await world.pool.query("create table planted (form text, body text, bytes bytea)");
  for (const { name, text } of formsOf(planted))
    await world.pool.query("insert into planted (form, body) values ($1, $2)", [name, text]);
  await world.pool.query("insert into planted (form, bytes) values ('bytes', $1)", [Buffer.from(planted)]);
  const among = await everyTable(world.pool);
  const files = await everyFile(world.pool, world.postgres.dataDirectory);
  await world.pool.query("drop table planted");
  const forms = (where: readonly Place[]) =>
    new Set(search([{ name: "planted", text: planted }], where).map(({ form }) => form));
  const wanted = formsOf(planted).map(({ name }) => name);
  expect([...forms(among)].toSorted()).toEqual(wanted.toSorted());
  expect([...forms(files)].toSorted()).toEqual(wanted.toSorted());
});
