export { DatabaseProblem } from "./database-problem.ts";
export type { DatabaseProblemCode } from "./database-problem.ts";
export { startEmbeddedPostgres } from "./embedded.ts";
export type { EmbeddedLog, EmbeddedOptions, EmbeddedPostgres } from "./embedded.ts";
export { migrate, settleMigration } from "./migrate.ts";
export { openDatabase } from "./open-database.ts";
export type { Database, DatabaseOptions } from "./open-database.ts";
export { PARTITIONED_TABLES, dropPartitionsBefore, ensurePartitions, partitionAt } from "./partitions.ts";
