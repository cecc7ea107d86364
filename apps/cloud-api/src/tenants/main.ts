import { text } from "node:stream/consumers";
import { Refusal } from "@weir/protocol";
import type { Pool } from "pg";
import { type CloudConfig, readConfig } from "../config.ts";
import { databaseUrls } from "../database/connection-options.ts";
import { migrate, openDatabase } from "../database/index.ts";
import { acrossTenants } from "../database/tenant-scope.ts";
import { checkedEmail } from "../people/accounts.ts";
import { invitationPath } from "../people/invitations.ts";
import { resetPassword } from "../people/reset-password.ts";
import { type CloudSecrets, createSecrets } from "../secrets.ts";
import { createTenant } from "./create-tenant.ts";

// For the operator of a cloud, beside the running one: `node …/tenants/main.js create-tenant NAME --owner EMAIL`, with the environment of the cloud itself.

const EXIT_USAGE = 64;
const USAGE = `Usage: create-tenant NAME [--owner EMAIL]
Makes a tenant and prints its first user key and agent key, once; and a link with which its owner joins.
       set-password EMAIL
Reads a new password for an account from the standard input, removes its second factor, and ends its sessions.
`;

interface Stand {
  readonly pool: Pool;
  readonly secrets: CloudSecrets;
  readonly config: CloudConfig;
}

type Work = (stand: Stand) => Promise<string>;

function workOf([verb, subject, flag, owner, ...rest]: readonly string[]): Work | null {
  if (subject === undefined || rest.length > 0) return null;
  if (verb === "set-password" && flag === undefined) return (stand) => setPassword(stand, subject);
  if (verb === "create-tenant" && flag === undefined) return (stand) => makeTenant(stand, subject, null);
  if (verb === "create-tenant" && flag === "--owner" && owner !== undefined)
    return (stand) => makeTenant(stand, subject, checkedEmail(owner));
  return null;
}

async function makeTenant({ pool, secrets, config }: Stand, name: string, owner: string | null): Promise<string> {
  const { tenantId, userKey, agentKey, ownerToken } = await createTenant(pool, secrets, name, owner);
  const keys = `tenant     ${name} (${tenantId})\nuser key   ${userKey}\nagent key  ${agentKey}\n`;
  const hint = "The keys are shown this once. Put each into a file of mode 0600.\n";
  if (ownerToken === null) return keys + hint;
  const link = `owner      ${config.publicUrl ?? ""}${invitationPath(ownerToken)}\n`;
  return `${keys}${link}${hint}The link is for ${owner}: it can be used once, within a week, by whoever has it.\n`;
}

async function setPassword({ pool, secrets }: Stand, email: string): Promise<string> {
  const password = (await text(process.stdin)).replace(/\r?\n$/, "");
  await resetPassword(pool, secrets, checkedEmail(email), password);
  return `The account ${email} has a new password and no second factor; its sessions are over.\n`;
}

const work = workOf(process.argv.slice(2));
if (work === null) {
  process.stderr.write(USAGE);
  process.exit(EXIT_USAGE);
}
try {
  const config = readConfig(process.env);
  if (!("url" in config.database) || config.secret === null)
    throw new Refusal(
      "INVALID",
      "An embedded cloud has its tenant already: its keys stand in keys.json of its directory.",
    );
  const { app, owner } = databaseUrls(config.database);
  await migrate(owner);
  const database = openDatabase({ url: app });
  const stand = { pool: database.pool, secrets: createSecrets(config.secret), config };
  process.stdout.write(await acrossTenants("an operator's work", () => work(stand)));
  await database.close();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
