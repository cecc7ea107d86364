/** Rules that other parts of the system keep: stores, schedules, what is exported where. */
export const AROUND_RULES = {
  "stores.local": "provided: `local`",
  "stores.objects": "`s3`, `gcs`, `azure`",
  "stores.fixed": "`constant`, `secret` (re-reads, never writes)",
  "stores.memory": "`memory`",
  "stores.serializers":
    "a serializer (JSON with dates, bigints, maps, binary; V8 structured clone; user's own) and optional compression (zstd)",
  "stores.encrypted": "`encrypted(store, key)`",
  "stores.pseudonymous": "`pseudonymous(store, key)` (the location that crosses is a keyed HMAC)",
  "surface.places": "stores from `@weir/results` (also as `@weir/sdk/results`); test tools from `@weir/sdk/testing`",

  "schedules.interval": "interval (whole days keep wall-clock time over DST, shorter ones keep elapsed time)",
  "schedules.cron": "cron with zone",
  "schedules.dates": "dates",
  "schedules.rrule": "RRULE",
  "schedules.filters": "filters and adjustments",
  "schedules.parameters": "parameters and labels per clock",
  "schedules.bounds": "start/end",
  "schedules.catch-up": "catch-up policy (`skip`, `latest`, `all` within a window)",
  "schedules.once": "one run per schedule and slot, by unique key",
  "schedules.versions": "a schedule belongs to the flow and survives versions",
} as const satisfies Record<string, string>;
