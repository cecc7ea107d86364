import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

const ROOT = resolve(import.meta.dirname, "../..");
const PAGE = join(ROOT, "src/page");
const OUT = join(ROOT, "dist/page");
const STAMP = join(ROOT, "dist/page.stamp");
const SCHEMA = resolve(ROOT, "../cloud-api/schema.graphql");
const GENERATED = join(PAGE, "generated/operations.ts");
/** Of what the page is made beside its own folder. */
const OTHERS = [
  "package.json",
  "vite.config.ts",
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

/** Makes `dist/page` from `src/page` and the cloud's schema, unless that was done of the same sources before. */
export async function buildPage(): Promise<Built> {
  const began = performance.now();
  const stamp = stampOfSources();
  if (existsSync(STAMP) && readFileSync(STAMP, "utf8") === stamp && existsSync(GENERATED))
    return { built: false, seconds: 0, bytes: 0 };
  rmSync(STAMP, { force: true });
  await generateOperations();
  // Loaded only where it is needed: an install that has nothing to build does not pay for it.
  const { build } = await import("vite");
  await build({ configFile: join(ROOT, "vite.config.ts"), logLevel: "error" });
  const bytes = compressFiles();
  writeFileSync(STAMP, stamp);
  return { built: true, seconds: (performance.now() - began) / 1000, bytes };
}

/** Writes the page's operations with their types. */
export async function generateOperations(): Promise<void> {
  const { writeOperations } = await import("./operations.ts");
  mkdirSync(join(PAGE, "generated"), { recursive: true });
  const text = await writeOperations(readFileSync(SCHEMA, "utf8"), PAGE);
  if (!existsSync(GENERATED) || readFileSync(GENERATED, "utf8") !== text) writeFileSync(GENERATED, text);
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

/** Writes a `.br` beside each text: servers hand it out as it lies. Answers the bytes of all of them. */
function compressFiles(): number {
  let bytes = 0;
  for (const file of globSync("**/*.{html,js,css,svg,json}", { cwd: OUT })) {
    const packed = brotliCompressSync(readFileSync(join(OUT, file)), {
      params: { [constants.BROTLI_PARAM_QUALITY]: 9 },
    });
    writeFileSync(join(OUT, `${file}.br`), packed);
    bytes += packed.length;
  }
  return bytes;
}
