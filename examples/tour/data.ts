import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

// The package exports only its code; the data lies beside it.
const dataFile = (name: string): string =>
  fileURLToPath(new URL(`../data/${name}`, import.meta.resolve("vega-datasets")));

/** One day of Seattle's weather, as the file tells it: all texts. */
export type RawDay = Readonly<Record<"date" | "precipitation" | "temp_max" | "temp_min" | "weather", string>>;

/** Four years of days, 2012 to 2015. */
export async function readDays(): Promise<RawDay[]> {
  const [head = "", ...lines] = (await readFile(dataFile("seattle-weather.csv"), "utf8")).trim().split(/\r?\n/);
  const names = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i] ?? "", cell])) as RawDay);
}

/** One departure. Delays are minutes, negative when it left early. */
export interface Flight {
  readonly origin: string;
  readonly destination: string;
  readonly delay: number;
}

/** 20,000 departures in the first quarter of 2001. */
export async function readFlights(): Promise<Flight[]> {
  return JSON.parse(await readFile(dataFile("flights-20k.json"), "utf8")) as Flight[];
}
