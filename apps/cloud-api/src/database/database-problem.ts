/** What can be wrong with the database before the control plane serves anything. */
export type DatabaseProblemCode =
  | "DATABASE_URL_INVALID"
  | "DATABASE_AWAY"
  | "DATABASE_REFUSED"
  | "MIGRATION_FAILED"
  | "MIGRATION_HALF_APPLIED"
  | "MIGRATION_CHANGED"
  | "MIGRATION_UNKNOWN"
  | "MIGRATIONS_MISSING"
  | "ISOLATION_MISSING"
  | "EMBEDDED_FAILED"
  | "EMBEDDED_IN_USE";

/** A problem with the database, told in sentences for the person who runs the cloud. Never carries a password. */
export class DatabaseProblem extends Error {
  override readonly name = "DatabaseProblem";
  readonly code: DatabaseProblemCode;

  constructor(code: DatabaseProblemCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** Where a connection string points, without user and password: `db.example:5432/weir`. */
export function databaseAddress(url: string): string {
  const { hostname, port, pathname, searchParams } = parsed(url);
  const host = searchParams.get("host") ?? (hostname || "localhost");
  return `${host}:${port || "5432"}${pathname}`;
}

/** The same connection string with another database. */
export function withDatabase(url: string, database: string): string {
  const changed = parsed(url);
  changed.pathname = `/${encodeURIComponent(database)}`;
  return changed.href;
}

function parsed(url: string): URL {
  const result = URL.parse(url);
  if (result === null || !/^postgres(ql)?:$/.test(result.protocol)) {
    throw new DatabaseProblem(
      "DATABASE_URL_INVALID",
      "The database's address is not a Postgres URL. WEIR_DATABASE_URL takes postgres://user:password@host:5432/database, " +
        "with special characters of the password percent-encoded (@ as %40, / as %2F).",
    );
  }
  return result;
}

// SQLSTATE classes, see "PostgreSQL Error Codes" in its manual.
const REFUSED: Record<string, string> = {
  "28P01": "it refused the password. Correct user and password in WEIR_DATABASE_URL",
  "28000":
    "it knows no such user, or does not let it in from here. Correct the user in WEIR_DATABASE_URL, or see the server's pg_hba.conf",
  "3D000": "it has no such database. Create it (`createdb`), or correct the name in WEIR_DATABASE_URL",
  "42501":
    "the user may not create tables there. Grant it: `grant create on database … to …; grant create on schema public to …`",
  "53300": "all its connections are taken. Raise its max_connections, or stop something that holds them",
};
const AWAY: Record<string, string> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "no host of that name is known",
  EAI_AGAIN: "the name could not be resolved just now",
  ETIMEDOUT: "it did not answer in time",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network",
  ECONNRESET: "it cut the connection",
  "57P01": "it is being shut down",
  "57P02": "it has just crashed and is recovering",
  "57P03": "it is still starting up",
};

/** Tells an error of the driver in a sentence, where it means that the database is away or refuses. Others are returned as they are. */
export function tellDatabaseError(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseProblem) return error;
  const first: unknown = error instanceof AggregateError ? error.errors[0] : error;
  const code = first instanceof Error && "code" in first ? String(first.code) : "";
  const refusal = REFUSED[code];
  if (refusal !== undefined) {
    return new DatabaseProblem("DATABASE_REFUSED", `Postgres at ${databaseAddress(url)} cannot be used: ${refusal}.`);
  }
  const reason =
    AWAY[code] ?? (/timeout|terminated|ended/i.test(error.message) ? "it did not answer in time" : undefined);
  if (reason === undefined) return error;
  return new DatabaseProblem(
    "DATABASE_AWAY",
    `Postgres at ${databaseAddress(url)} cannot be reached: ${reason}. Start it, or correct WEIR_DATABASE_URL.`,
  );
}
