import pg from "pg";
import { FULL_SIZE, seed } from "./seed.ts";

// Fills a database of one's own: `WEIR_DATABASE_URL=… pnpm bench:seed [SCALE]`, the administrator's login, migrated before.

const url = process.env.WEIR_DATABASE_URL;
const scale = Number(process.argv[2] ?? 1);
if (url === undefined || !(scale > 0)) {
  process.stderr.write(
    "Usage: WEIR_DATABASE_URL=postgres://… pnpm bench:seed [SCALE]\nSCALE 1 (default): 1 million flow runs and 20 million task runs of 50 tenants.\n",
  );
  process.exit(64);
}

const pool = new pg.Pool({ connectionString: url, max: 1 });
const { rows } = await pool.query<{ id: string }>("select id from tenants order by id limit 1");
await pool.end();
const [tenant] = rows;
if (tenant === undefined) {
  process.stderr.write("The database has no tenant. Make the first with `create-tenant NAME`.\n");
  process.exit(1);
}
const size = { ...FULL_SIZE, flowRuns: FULL_SIZE.flowRuns * scale };
const made = await seed(url, tenant.id, size, (text) => process.stderr.write(`${text}\n`));
process.stdout.write(
  `${made.flowRuns} flow runs and ${made.taskRuns} task runs of ${size.tenants} tenants in ${Math.round(made.seconds)} s; the database has ${Math.round(made.bytes / 2 ** 20)} MiB\n`,
);
