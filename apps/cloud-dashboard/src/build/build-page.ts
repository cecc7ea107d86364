import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import { DASHBOARD_CSP, DASHBOARD_PAGES, dashboardFiles } from "../index.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const PAGE = join(ROOT, "src/page");
const OUT = join(ROOT, "dist/page");
/** In the folder that is swapped as one. Servers hand out neither. */
const STAMP = "stamp";
/** What servers know the page's operations by. */
const OPERATIONS = "operations.json";
/** What `weir dashboard` serves these files by: it imports nothing of the cloud. */
const MANIFEST = "served.json";
const SCHEMA = resolve(ROOT, "../cloud-api/schema.graphql");
const GENERATED = join(PAGE, "generated/operations.ts");
/** Of what the page is made beside its own folder. */
const OTHERS = [
  "package.json",
  "vite.config.ts",
  "src/index.ts",
  "src/build/*.ts",
  "../../packages/protocol/src/**/*.ts",
  "../../pnpm-lock.yaml",
];

interface Built {
  /** False: it was as new as its sources. */
  readonly built: boolean;
  readonly seconds: number;
  readonly bytes: number;
}

/**
 * Makes `dist/page` from `src/page` and the cloud's schema, unless that was done of the same sources before. It is made beside and then
 * swapped: a cloud that starts meanwhile finds the one before, whole.
 */
export async function buildPage(): Promise<Built> {
  const began = performance.now();
  const stamp = stampOfSources();
  if (stampOfBuilt() === stamp && existsSync(GENERATED)) return { built: false, seconds: 0, bytes: 0 };
  const [made, before] = [`${OUT}.${process.pid}.new`, `${OUT}.${process.pid}.old`];
  const operations = await generateOperations();
  // Loaded only where it is needed: an install that has nothing to build does not pay for it.
  const { build } = await import("vite");
  try {
    await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error", build: { outDir: made } });
    const bytes = compressFiles(made);
    writeFileSync(join(made, OPERATIONS), operations);
    writeFileSync(join(made, MANIFEST), manifestOf(made));
    writeFileSync(join(made, STAMP), stamp);
    swap(made, before);
    return { built: true, seconds: (performance.now() - began) / 1000, bytes };
  } finally {
    for (const folder of [made, before]) rmSync(folder, { recursive: true, force: true });
  }
}

/** Two installs at once may both come here: the later one finds the other's folder, made of the same sources or soon made anew. */
function swap(made: string, before: string): void {
  if (existsSync(OUT)) renameSync(OUT, before);
  try {
    renameSync(made, OUT);
  } catch (error) {
    if (!existsSync(join(OUT, STAMP))) throw error;
  }
}

function stampOfBuilt(): string | null {
  const file = join(OUT, STAMP);
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}

/** Writes the page's operations with their types; answers their texts by id, as JSON. */
async function generateOperations(): Promise<string> {
  const { readOperations, writeOperations } = await import("./operations.ts");
  const { operations } = readOperations(PAGE);
  mkdirSync(join(PAGE, "generated"), { recursive: true });
  const text = await writeOperations(readFileSync(SCHEMA, "utf8"), PAGE);
  if (!existsSync(GENERATED) || readFileSync(GENERATED, "utf8") !== text) writeFileSync(GENERATED, text);
  return JSON.stringify(Object.fromEntries(operations.map(({ id, text: operation }) => [id, operation])));
}

function stampOfSources(): string {
  const files = [
    ...OTHERS.flatMap((pattern) => globSync(pattern, { cwd: ROOT })),
    ...globSync("src/page/**/*.*", { cwd: ROOT }),
  ];
  const hash = createHash("sha256").update(readFileSync(SCHEMA));
  for (const file of files.toSorted()) {
    if (file.includes("generated/") || file.endsWith(".test.ts")) continue;
    hash.update(`${file}\0`).update(readFileSync(join(ROOT, file)));
  }
  return hash.digest("hex");
}

function manifestOf(folder: string): string {
  const files = dashboardFiles(folder).map(({ path, type, isForEver }) => ({ path, type, isForEver }));
  return JSON.stringify({ policy: DASHBOARD_CSP, pages: DASHBOARD_PAGES, files });
}

/** Writes a `.br` beside each text: servers hand it out as it lies. Answers the bytes of all of them. */
function compressFiles(folder: string): number {
  let bytes = 0;
  for (const file of globSync("**/*.{html,js,css,svg}", { cwd: folder })) {
    const packed = brotliCompressSync(readFileSync(join(folder, file)), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9 },
    });
    writeFileSync(join(folder, `${file}.br`), packed);
    bytes += packed.length;
  }
  return bytes;
}
