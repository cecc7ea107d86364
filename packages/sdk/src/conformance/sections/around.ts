import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import type { Proof } from "../row.ts";
import { elsewhere } from "../support/elsewhere.ts";

const PACKAGE = join(import.meta.dirname, "..", "..", "..", "package.json");
const STORES = "packages/results/src";
const SCHEDULES = "apps/cloud-api/src/schedules";

export const AROUND: readonly Proof[] = [
  elsewhere("stores.local", "a store on disk keeps to the contract", `${STORES}/local/local-store.test.ts`),
  elsewhere("stores.objects", "S3 keeps to the contract", `${STORES}/objects/s3-store.test.ts`, /describeStore/),
  elsewhere("stores.objects", "GCS keeps to the contract", `${STORES}/objects/gcs-store.test.ts`, /describeStore/),
  elsewhere("stores.objects", "Azure keeps to the contract", `${STORES}/objects/azure-store.test.ts`, /describeStore/),
  elsewhere("stores.fixed", "constant and secret read again and never write", `${STORES}/fixed-stores.test.ts`),
  elsewhere("stores.memory", "memory keeps to the contract", `${STORES}/memory-store.test.ts`, /describeStore/),
  elsewhere("stores.serializers", "JSON with dates, bigints, maps, binary", `${STORES}/serializer/json.test.ts`),
  elsewhere("stores.serializers", "V8, the user's own, zstd", `${STORES}/serializer/serializer.test.ts`, /zstd/i),
  elsewhere("stores.encrypted", "nothing of a value lies in the store", `${STORES}/wrappers/encrypted.test.ts`),
  elsewhere("stores.pseudonymous", "what crosses is a keyed HMAC", `${STORES}/wrappers/pseudonymous.test.ts`),
  {
    rule: "surface.places",
    name: "the package exports results and testing beside its own names",
    holds: () => {
      const { exports } = JSON.parse(readFileSync(PACKAGE, "utf8")) as { exports: Record<string, unknown> };
      expect(Object.keys(exports)).toEqual(expect.arrayContaining([".", "./results", "./testing", "./executors"]));
    },
  },
  elsewhere(
    "schedules.interval",
    "a day later keeps the time on the wall, an hour later does not",
    `${SCHEDULES}/slots.test.ts`,
    /a day later keeps the time on the wall/,
  ),
  elsewhere("schedules.cron", "cron expressions", `${SCHEDULES}/slots.test.ts`, /cron expression/),
  elsewhere(
    "schedules.dates",
    "dates in their order, each once",
    `${SCHEDULES}/slots.test.ts`,
    /dates come in their order/,
  ),
  elsewhere(
    "schedules.rrule",
    "a rule begins at its start",
    `${SCHEDULES}/slots.test.ts`,
    /a rule begins at its start/,
  ),
  elsewhere("schedules.filters", "filters look at the wall clock", `${SCHEDULES}/slots.test.ts`, /filters look/),
  elsewhere(
    "schedules.parameters",
    "runs have parameters and labels of the schedule",
    `${SCHEDULES}/plan-schedule.test.ts`,
    /parameters and labels of the schedule/,
  ),
  elsewhere(
    "schedules.bounds",
    "start and end belong to a schedule",
    `${SCHEDULES}/slots.test.ts`,
    /start and end both/,
  ),
  elsewhere("schedules.catch-up", "skip, latest, all", `${SCHEDULES}/plan-slots.test.ts`, /latest is one run/),
  elsewhere(
    "schedules.once",
    "two loops at once make one run per slot",
    `${SCHEDULES}/plan-schedule.test.ts`,
    /two loops at once make one run per slot/,
  ),
  elsewhere(
    "schedules.versions",
    "a new version with the same schedule leaves its runs",
    `${SCHEDULES}/sync-schedules.test.ts`,
    /a new version with the same schedule/,
  ),
];
