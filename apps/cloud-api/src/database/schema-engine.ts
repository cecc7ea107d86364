import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { PrismaPg } from "@prisma/adapter-pg";
import { ColumnTypeEnum, bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import type { SqlQuery, SqlResultSet } from "@prisma/driver-adapter-utils";
import * as engineModule from "@prisma/schema-engine-wasm/schema_engine_bg";
import { Pool } from "pg";
import type { QueryResult } from "pg";

const NO_FILTERS = { externalTables: [], externalEnums: [] };

/**
 * What Prisma's schema engine would change in a database to make it what a schema says, as an SQL script; null when nothing.
 * The engine runs as WASM, with the adapter of the client: the native one is downloaded from a host that not everyone reaches.
 * @param url the database to compare; it is only read.
 * @param schema text of schema.prisma.
 */
export async function scriptFromDatabaseTo(url: string, schema: string): Promise<string | null> {
  const files = [{ path: "schema.prisma", content: schema }];
  const pool = new Pool({ connectionString: url, max: 2 });
  try {
    const engine = await startEngine(schema, pool);
    const { exitCode, stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: "/" },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: true,
      filters: NO_FILTERS,
    });
    engine.free();
    // 2 says "not empty", as of a diff program.
    return exitCode === 2 ? (stdout ?? "").trim() : null;
  } finally {
    await pool.end();
  }
}

/** Starts Prisma's schema engine on a pool. Call `free` when done. */
export async function startEngine(schema: string, pool: Pool): Promise<engineModule.SchemaEngine> {
  loadWasm();
  const adapter = bindMigrationAwareSqlAdapterFactory(catalogAdapter(pool));
  return await engineModule.SchemaEngine.new({ datamodels: [["schema.prisma", schema]] }, () => {}, adapter);
}

const loaded = { wasm: false };

/** By hand, since the package's own entry imports its .wasm file as a module, which Node does not do without a flag. */
function loadWasm(): void {
  if (loaded.wasm) return;
  const script = createRequire(import.meta.url).resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const module = new WebAssembly.Module(readFileSync(script.replace(/\.js$/, ".wasm")));
  // A panic of the engine calls this registry; without one it would end in a TypeError that says nothing.
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message(message: string) {
        throw new Error(`Prisma's schema engine gave up: ${message}`);
      },
    },
  });
  const { exports } = new WebAssembly.Instance(module, {
    "./schema_engine_bg.js": engineModule,
  });
  engineModule.__wbg_set_wasm(exports);
  (exports.__wbindgen_start as () => void)();
  loaded.wasm = true;
}

/** Type ids of Postgres: its one-byte "char", in which the catalog keeps kinds of constraints, and text. */
const CHAR_TYPE = 18;
const TEXT_TYPE = 25;

/** PrismaPg with the one type that the engine reads from the catalog and the adapter (7.10) does not know: "char". */
function catalogAdapter(pool: Pool): PrismaPg {
  const charColumns = new WeakMap<object, number[]>();
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<QueryResult>;
  Object.assign(pool, {
    async query(...args: unknown[]): Promise<QueryResult> {
      const result = await query(...args);
      const chars = result.fields.flatMap((field, i) => (field.dataTypeID === CHAR_TYPE ? [i] : []));
      for (const i of chars) Object.assign(result.fields[i] ?? {}, { dataTypeID: TEXT_TYPE });
      charColumns.set(result.rows, chars);
      return result;
    },
  });
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (sql: SqlQuery): Promise<SqlResultSet> => {
      const result = await queryRaw(sql);
      for (const i of charColumns.get(result.rows) ?? []) result.columnTypes[i] = ColumnTypeEnum.Character;
      return result;
    };
    return adapter;
  };
  return factory;
}
