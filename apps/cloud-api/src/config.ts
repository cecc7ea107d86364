import { readFileSync } from "node:fs";
import type { RateLimits } from "./rates/rates.ts";
import { checkedNetworks } from "./api-keys/networks.ts";
import { heapBytesMost } from "./overload.ts";
import type { DatabaseLogins } from "./database/connection-options.ts";

/** How the control plane is set up. Read from the environment once, by `readConfig`; tests make it with `cloudConfig`. */
export interface CloudConfig {
  /**
   * A database of one's own, or an embedded Postgres with its data, keys and secret in a directory. With `ownerUrl`, which migrates, `url` is a
   * login that is a member of weir_app and no more; with `directUrl`, `url` goes through a pooler in transaction mode.
   */
  readonly database: DatabaseLogins | { readonly embeddedDirectory: string };
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** base64url of at least 32 bytes. Null only in embedded mode, which makes and keeps its own. */
  readonly secret: string | null;
  readonly leaseSeconds: number;
  readonly reportSeconds: number;
  readonly maxRecoveries: number;
  /** Wait before the first recovery; each further one doubles it. */
  readonly recoveryBackoffSeconds: number;
  readonly sweepSeconds: number;
  /** How often schedules are looked at for runs to make. */
  readonly scheduleSeconds: number;
  /** Longest time between two looks at the database for a waiting claim: NOTIFY is a hint, this poll is the truth. */
  readonly pollSeconds: number;
  readonly sessionSeconds: number;
  /** How long task runs, logs and artifacts are kept; null: for ever. */
  readonly retentionDays: number | null;
  /** Where the cloud begins to turn requests away (429). Reports are let in even then: a lease must not be lost to a crowd. */
  readonly overload: { readonly eventLoopDelayMs: number; readonly heapBytes: number };
  readonly logLevel: string;
  /** Networks whose word about where a request came from (x-forwarded-for) is taken: those of the proxies before the cloud. */
  readonly trustedProxies: readonly string[];
  /** How much may be asked for in a minute, at this replica. */
  readonly rates: RateLimits;
  /** Where people reach the cloud, without a path; null: wherever their request went to. */
  readonly publicUrl: string | null;
  /** Whether anybody may make an account, and a tenant with it. */
  readonly signUp: "open" | "closed";
  /** Where providers of single sign-on may stand, whose addresses tenants write: in the public net and by https, or anywhere. */
  readonly identityProviders: "public" | "any";
  /** What GraphQL takes of a browser's session: any operation, or those of the dashboard alone, so that whatever gets into a page can ask nothing else. */
  readonly sessionOperations: "any" | "dashboard";
}

export const CLOUD_DEFAULTS = {
  host: "127.0.0.1",
  port: 4680,
  secret: null,
  leaseSeconds: 45,
  reportSeconds: 10,
  maxRecoveries: 5,
  // 1, 2, 4, 8, 16 s: together below the 75 s that a run may stay without an owner after a fault heals.
  recoveryBackoffSeconds: 1,
  sweepSeconds: 5,
  scheduleSeconds: 5,
  pollSeconds: 5,
  sessionSeconds: 8 * 3600,
  retentionDays: null,
  // Half a second behind, every request takes that much longer.
  overload: { eventLoopDelayMs: 500, heapBytes: heapBytesMost() },
  logLevel: "info",
  trustedProxies: [],
  // A dashboard that is open asks for some 20,000 in a minute; a page of 200 runs with all that is shown of them is 5,000.
  rates: { costOfKey: 3_000_000, costOfTenant: 12_000_000, claims: 120_000, enrolments: 6_000, strangers: 120 },
  publicUrl: null,
  signUp: "closed",
  identityProviders: "public",
  sessionOperations: "any",
} as const satisfies Omit<CloudConfig, "database">;

/** The defaults with what is given. */
export function cloudConfig(given: Partial<CloudConfig> & Pick<CloudConfig, "database">): CloudConfig {
  return { ...CLOUD_DEFAULTS, ...given };
}

/** A variable that cannot be used. The message is a sentence for people. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the environment.
 * @throws ConfigError naming the variable, what is wrong with it and what it takes.
 */
export function readConfig(env: Environment): CloudConfig {
  const database = readDatabase(env);
  const secret = readSecret(env, "WEIR_CLOUD_SECRET");
  if (secret === null && "url" in database) {
    throw new ConfigError(
      "WEIR_CLOUD_SECRET (or WEIR_CLOUD_SECRET_FILE) is not set: with a database of your own, Weir needs a secret that outlives a " +
        "restart. Make one with `openssl rand -base64 32 | tr '+/' '-_' | tr -d '='` and give every replica the same.",
    );
  }
  return cloudConfig({
    database,
    secret,
    host: env.WEIR_CLOUD_HOST ?? CLOUD_DEFAULTS.host,
    port: readNumber(env, "WEIR_CLOUD_PORT", CLOUD_DEFAULTS.port, { least: 0, most: 65_535, whole: true }),
    leaseSeconds: readNumber(env, "WEIR_LEASE_SECONDS", CLOUD_DEFAULTS.leaseSeconds, { least: 0.5, most: 3600 }),
    reportSeconds: readNumber(env, "WEIR_REPORT_SECONDS", CLOUD_DEFAULTS.reportSeconds, { least: 0.1, most: 1200 }),
    maxRecoveries: readNumber(env, "WEIR_MAX_RECOVERIES", CLOUD_DEFAULTS.maxRecoveries, {
      least: 0,
      most: 1000,
      whole: true,
    }),
    recoveryBackoffSeconds: readNumber(env, "WEIR_RECOVERY_BACKOFF_SECONDS", CLOUD_DEFAULTS.recoveryBackoffSeconds, {
      least: 0,
      most: 60,
    }),
    sweepSeconds: readNumber(env, "WEIR_SWEEP_SECONDS", CLOUD_DEFAULTS.sweepSeconds, { least: 0.05, most: 60 }),
    scheduleSeconds: readNumber(env, "WEIR_SCHEDULE_SECONDS", CLOUD_DEFAULTS.scheduleSeconds, {
      least: 0.05,
      most: 60,
    }),
    retentionDays: readRetentionDays(env),
    rates: readRates(env),
    logLevel: readLogLevel(env),
    trustedProxies: readTrustedProxies(env),
    publicUrl: readPublicUrl(env),
    signUp: readWord(env, "WEIR_SIGN_UP", ["closed", "open"]),
    identityProviders: readWord(env, "WEIR_IDENTITY_PROVIDERS", ["public", "any"]),
    sessionOperations: readWord(env, "WEIR_SESSION_OPERATIONS", ["any", "dashboard"]),
  });
}

function readDatabase(env: Environment): CloudConfig["database"] {
  const url = readSecret(env, "WEIR_DATABASE_URL");
  const ownerUrl = readSecret(env, "WEIR_DATABASE_OWNER_URL");
  const directUrl = readSecret(env, "WEIR_DATABASE_DIRECT_URL");
  if (url !== null)
    return { url, ...(ownerUrl === null ? {} : { ownerUrl }), ...(directUrl === null ? {} : { directUrl }) };
  if (env.WEIR_EMBEDDED_DIRECTORY) return { embeddedDirectory: env.WEIR_EMBEDDED_DIRECTORY };
  throw new ConfigError(
    "Neither WEIR_DATABASE_URL nor WEIR_DATABASE_URL_FILE (postgresql://user:password@host:5432/name) nor WEIR_EMBEDDED_DIRECTORY (a directory for an embedded Postgres) is set.",
  );
}

/** A value from the variable itself, or from the file that `<name>_FILE` names: so that it need not stand in the environment. */
function readSecret(env: Environment, name: string): string | null {
  const value = env[name];
  if (value) return value;
  const file = env[`${name}_FILE`];
  if (!file) return null;
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    throw new ConfigError(`${name}_FILE names ${file}, which cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

function readNumber(
  env: Environment,
  name: string,
  fallback: number,
  range: { least: number; most: number; whole?: boolean },
): number {
  const text = env[name];
  if (text === undefined || text === "") return fallback;
  const value = Number(text);
  const fits = value >= range.least && value <= range.most && (!range.whole || Number.isInteger(value));
  if (!fits) {
    throw new ConfigError(
      `${name} is ${JSON.stringify(text)}; it takes a ${range.whole ? "whole number" : "number"} from ${range.least} to ${range.most}.`,
    );
  }
  return value;
}

/** A day at least: one that has not been over for as long is never dropped, so that replicas whose clocks differ agree. */
function readRetentionDays(env: Environment): number | null {
  if (!env.WEIR_RETENTION_DAYS) return CLOUD_DEFAULTS.retentionDays;
  return readNumber(env, "WEIR_RETENTION_DAYS", 0, { least: 1, most: 36_500, whole: true });
}

function readTrustedProxies({ WEIR_TRUSTED_PROXIES: text = "" }: Environment): string[] {
  const named = text.split(",").map((one) => one.trim());
  try {
    return checkedNetworks(
      "WEIR_TRUSTED_PROXIES",
      named.filter((one) => one !== ""),
    );
  } catch (error) {
    throw new ConfigError((error as Error).message, { cause: error });
  }
}

function readPublicUrl({ WEIR_PUBLIC_URL: text }: Environment): string | null {
  if (text === undefined || text === "") return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/`) return url.origin;
  throw new ConfigError(
    `WEIR_PUBLIC_URL is ${JSON.stringify(text)}; it takes the address at which people reach the cloud, without a path: https://weir.example.org`,
  );
}

function readWord<W extends string>(env: Environment, name: string, words: readonly [W, ...W[]]): W {
  const text = env[name] || words[0];
  const found = words.find((word) => word === text);
  if (found !== undefined) return found;
  throw new ConfigError(`${name} is ${JSON.stringify(text)}; it takes ${words.join(" or ")}.`);
}

function readRates(env: Environment): RateLimits {
  const { rates } = CLOUD_DEFAULTS;
  const read = (name: string, fallback: number) =>
    readNumber(env, name, fallback, { least: 0, most: 1_000_000_000, whole: true });
  return {
    costOfKey: read("WEIR_RATE_COST_OF_KEY", rates.costOfKey),
    costOfTenant: read("WEIR_RATE_COST_OF_TENANT", rates.costOfTenant),
    claims: read("WEIR_RATE_CLAIMS", rates.claims),
    enrolments: read("WEIR_RATE_ENROLMENTS", rates.enrolments),
    strangers: read("WEIR_RATE_STRANGERS", rates.strangers),
  };
}

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"];

function readLogLevel(env: Environment): string {
  const level = env.WEIR_LOG_LEVEL ?? CLOUD_DEFAULTS.logLevel;
  if (LOG_LEVELS.includes(level)) return level;
  throw new ConfigError(`WEIR_LOG_LEVEL is ${JSON.stringify(level)}; it takes one of ${LOG_LEVELS.join(", ")}.`);
}
