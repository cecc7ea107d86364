// Secrets: read on your side by the task that needs them, and struck out of all that leaves.
//
//   mkdir -p .weir/secrets && echo "open, sesame" > .weir/secrets/WEATHER_KEY
//   SECRETS_DIRECTORY=$PWD/.weir/secrets weir run examples/tour/secrets.flow.ts --local
//
// With cloud and agent: start the agent with SECRETS_DIRECTORY in its environment and in WEIR_AGENT_PASS_ENV, then `weir run` without --local.
//
// Seen: the line that the task logs by mistake arrives in the cloud as `asking with [redacted]`, and so does the message of an error (-p
// date=2016-01-01). Without the file the run fails, and says where it looked. docs/secrets.md: other places, HashiCorp Vault for one.
import { flow, run, secret, task } from "@weir/sdk";
import { z } from "zod";
import { readDays } from "./data.ts";

/** Stands for a client of a service that wants a key. */
const ask = task("ask", async (date: string) => {
  const key = await secret("WEATHER_KEY");
  run.log.info(`asking with ${key}`);
  const day = (await readDays()).find((one) => one.date.replaceAll("/", "-") === date);
  if (day === undefined) throw new Error(`the key ${key} has no day ${date}`);
  return day.weather;
});

export default flow(
  "secret-weather",
  { parameters: z.object({ date: z.iso.date().default("2015-12-24") }) },
  ({ date }) => ask(date),
);
