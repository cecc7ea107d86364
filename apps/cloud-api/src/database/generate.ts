import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

// Runs after `pnpm install` (script `prepare`): makes the Prisma client and Pothos' types from prisma/schema.prisma, when they are not of this schema.

const appDirectory = resolve(import.meta.dirname, "../..");
const schemaFile = resolve(appDirectory, "../../prisma/schema.prisma");
const stampFile = join(appDirectory, "src/generated/schema.sha256");

const digest = createHash("sha256").update(readFileSync(schemaFile)).digest("hex");
const isCurrent = existsSync(stampFile) && readFileSync(stampFile, "utf8") === digest;

if (!isCurrent) {
  const prisma = join(appDirectory, "node_modules/prisma/build/index.js");
  // The CLI would download a native schema engine, which `generate` does not need: any executable satisfies its check.
  const path = [join(appDirectory, "node_modules/.bin"), process.env.PATH].join(delimiter);
  const env = {
    ...process.env,
    PATH: path,
    PRISMA_SCHEMA_ENGINE_BINARY: process.execPath,
    PRISMA_HIDE_UPDATE_MESSAGE: "1",
    CHECKPOINT_DISABLE: "1",
  };
  const { status, stdout, stderr } = spawnSync(process.execPath, [prisma, "generate", "--schema", schemaFile], {
    cwd: appDirectory,
    env,
    encoding: "utf8",
  });
  if (status !== 0) {
    process.stderr.write(`The Prisma client could not be generated from ${schemaFile}:\n${stdout}${stderr}\n`);
    process.exit(1);
  }
  writeFileSync(stampFile, digest);
}
