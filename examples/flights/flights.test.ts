import { expect, test } from "vitest";
import { cleanAirports, cleanFlights } from "./clean.ts";
import { airportsFile, type Flight, flightsFile, loadAirports, loadFlights } from "./data.ts";
import flights from "./flights.flow.ts";
import { busiestOrigins, delayStatistics, joinNames } from "./statistics.ts";

const flight: Flight = { date: "2001/01/01 00:47", delay: 66, distance: 1750, origin: "DTW", destination: "LAS" };

test("rows that cannot be counted are left out by reason", () => {
  const { kept, leftOut } = cleanFlights([
    flight,
    flight,
    { ...flight, delay: -31 },
    { ...flight, distance: 0 },
    { ...flight, delay: Number.NaN },
  ]);
  expect(kept).toEqual([flight]);
  expect(leftOut).toEqual({ "listed twice": 1, "left more than 30 minutes early": 1, "no distance": 1, "no delay": 1 });
});

test("the real files hold what the README says", async () => {
  const { kept, leftOut } = cleanFlights(await loadFlights(flightsFile));
  expect(kept.length + Object.values(leftOut).reduce((sum, count) => sum + count, 0)).toBe(20_000);
  expect(leftOut["left more than 30 minutes early"]).toBe(166);
  expect(cleanAirports(await loadAirports(airportsFile)).leftOut).toEqual({ "no city or state": 12 });
});

test("statistics of one origin", () => {
  const delays = [-5, 0, 10, 15, 20, 30, 40, 50, 60, 100];
  expect(delayStatistics({ iata: "DTW", delays }, 15)).toEqual({
    iata: "DTW",
    flights: 10,
    mean: 32,
    median: 30,
    p90: 100,
    late: 0.7,
  });
});

test("the busiest come first, ties by code, and unknown airports keep their code", () => {
  const [first, second] = busiestOrigins(
    [flight, { ...flight, origin: "ATL" }, { ...flight, origin: "BOS" }, { ...flight, origin: "BOS" }],
    2,
  );
  expect([first?.iata, second?.iata]).toEqual(["BOS", "ATL"]);
  const row = delayStatistics({ iata: "BOS", delays: [1] }, 15);
  expect(joinNames([row], [])[0]?.airport).toBe("BOS");
});

test("the flow runs as it stands, without a cloud, and retries what met the lock", async () => {
  const ended = await flights.run({ top: 10, minDelay: 15 });
  expect(ended.state).toBe("Success");
  const publish = ended.taskRuns.find(({ task }) => task === "publish-report");
  expect(publish?.tryNumber).toBeGreaterThan(1);
  expect(
    ended.taskRuns.filter(({ task, mapIndex }) => task === "delay-statistics" && mapIndex !== undefined),
  ).toHaveLength(10);
});
