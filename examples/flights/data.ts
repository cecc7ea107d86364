import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { csvParse } from "d3-dsv";

/** One departure, as the file tells it. Times are local; delays are minutes, negative when it left early. */
export interface Flight {
  readonly date: string;
  readonly delay: number;
  readonly distance: number;
  readonly origin: string;
  readonly destination: string;
}

export interface Airport {
  readonly iata: string;
  readonly name: string;
  readonly city: string;
  readonly state: string;
}

// The package exports only its code; the data lies beside it.
const packageEntry = import.meta.resolve("vega-datasets");
export const flightsFile = fileURLToPath(new URL("../data/flights-20k.json", packageEntry));
export const airportsFile = fileURLToPath(new URL("../data/airports.csv", packageEntry));

export async function loadFlights(file: string): Promise<Flight[]> {
  return JSON.parse(await readFile(file, "utf8")) as Flight[];
}

export async function loadAirports(file: string): Promise<Airport[]> {
  return csvParse(await readFile(file, "utf8")).map(({ iata = "", name = "", city = "", state = "" }) => ({
    iata,
    name,
    city,
    state,
  }));
}
