import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { printedSchema } from "./schema.ts";

// `pnpm --filter @weir/cloud-api schema` writes the schema's text anew; a test says when that is due.
writeFileSync(fileURLToPath(import.meta.resolve("../../schema.graphql")), printedSchema());
