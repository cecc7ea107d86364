// ETL: four years of Seattle's weather, day by day, become a table of months in a database.
//
//   weir run examples/tour/etl.flow.ts --local      without a cloud
//   weir run examples/tour/etl.flow.ts              by cloud and agent, while `weir dev` runs in another terminal
//
// Seen: extract, clean, summarize ×48 (the children run as they come), load. The database is a file below examples/tour/.weir. Run it
// again: the table holds 48 months as before, because the load replaces what it finds. That makes it safe to be tried again.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { flow, run, task } from "@weir/sdk";
import { type RawDay, readDays } from "./data.ts";
import { byMonth, type Day, type Month, parseDay, summarizeMonth } from "./weather.ts";

const extract = task("extract", { retries: 2, retryDelay: "1s" }, readDays);

const clean = task("clean", (raw: readonly RawDay[]): Day[] => {
  const days = raw.map(parseDay).filter((day) => day !== null);
  if (days.length < raw.length) run.log.warn(`${raw.length - days.length} of ${raw.length} days left out`);
  return days;
});

const months = task("months", byMonth);
const summarize = task("summarize", { maxConcurrency: 8 }, summarizeMonth);

const load = task("load", { retries: 3, retryDelay: "500ms", backoff: 2 }, (rows: readonly Month[]) => {
  const directory = join(import.meta.dirname, ".weir");
  mkdirSync(directory, { recursive: true });
  using database = new DatabaseSync(join(directory, "weather.sqlite"), { timeout: 5_000 });
  database.exec("create table if not exists months (month text primary key, wet_days integer, rain real)");
  const upsert = database.prepare("insert or replace into months values (?, ?, ?)");
  database.exec("begin immediate");
  for (const { month, wetDays, rain } of rows) upsert.run(month, wetDays, rain);
  database.exec("commit");
  return database.prepare("select count(*) as months, sum(wet_days) as wetDays from months").get();
});

export default flow("weather-etl", () => {
  const days = clean(extract());
  return load(summarize.map(months(days)));
});
