import { Refusal } from "@weir/protocol";
import { readConfig } from "../config.ts";
import { databaseUrls } from "../database/connection-options.ts";
import { migrate, openDatabase } from "../database/index.ts";
import { acrossTenants } from "../database/tenant-scope.ts";
import { createSecrets } from "../secrets.ts";
import { createTenant } from "./create-tenant.ts";

// For the operator of a cloud, beside the running one: `node …/tenants/main.js create-tenant NAME`, with the environment of the cloud itself.

const USAGE = 64;
const [verb, name] = process.argv.slice(2);

if (verb !== "create-tenant" || name === undefined) {
  process.stderr.write(
    "Usage: create-tenant NAME\nMakes a tenant and prints its first user key and agent key, once.\n",
  );
  process.exit(USAGE);
}

try {
  const { database: where, secret } = readConfig(process.env);
  if (!("url" in where) || secret === null)
    throw new Refusal(
      "INVALID",
      "An embedded cloud has its tenant already: its keys stand in keys.json of its directory.",
    );
  const { app, owner } = databaseUrls(where);
  await migrate(owner);
  const database = openDatabase({ url: app });
  const created = await acrossTenants("a tenant is made", () =>
    createTenant(database.pool, createSecrets(secret), name),
  );
  process.stdout.write(
    `tenant     ${name} (${created.tenantId})\nuser key   ${created.userKey}\nagent key  ${created.agentKey}\n`,
  );
  process.stdout.write("The keys are shown this once. Put each into a file of mode 0600.\n");
  await database.close();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
