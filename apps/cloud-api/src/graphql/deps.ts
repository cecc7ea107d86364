import type { AppDeps } from "../app.ts";

/** What GraphQL needs of the app. */
export type GraphqlDeps = Pick<AppDeps, "database" | "secrets" | "wake" | "log" | "config">;
