import { readConfig, startCloud } from "@weir/cloud-api";
import { ScopedClient } from "@weir/cloud-api/database";
import pg from "pg";

// A cloud whose statements name no tenant to Postgres: on a database without policies, it is what row-level security is measured against. Users
// cannot have it.

Object.assign(ScopedClient.prototype, { query: Reflect.get<pg.Client, "query">(pg.Client.prototype, "query") });

const cloud = await startCloud(readConfig(process.env));
process.on("SIGTERM", () => void cloud.stop().then(() => process.exit(0)));
process.send?.({ kind: "listening", url: cloud.url });
