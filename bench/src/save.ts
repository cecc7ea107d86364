import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { fileURLToPath } from "node:url";
import type { Figure } from "./figure.ts";
import { budgetTable, cpuTable } from "./table.ts";

const RESULTS = new URL("../results/", import.meta.url);
const README = new URL("../README.md", import.meta.url);
const MARKS = ["<!-- table: begin -->", "<!-- table: end -->"] as const;

/** What was measured, on what. */
export interface Document {
  readonly at: string;
  readonly machine: string;
  readonly figures: readonly Figure[];
}

/** Describes the machine without naming it. */
export function describeMachine(): string {
  const model = cpus()[0]?.model ?? "unknown processor";
  return `${cpus().length} × ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform} ${release()}, Node ${process.versions.node}`;
}

/** Writes `results/latest.json` and the table in the README. Lines of contests that were not measured stay as they were. */
export async function save(document: Document): Promise<readonly string[]> {
  await mkdir(RESULTS, { recursive: true });
  const latest = new URL("latest.json", RESULTS);
  const figures = merge(await readFigures(latest), document.figures);
  await replaceFile(latest, `${JSON.stringify({ ...document, figures }, null, 2)}\n`);
  const caption = `Measured ${document.at.slice(0, 10)} on ${document.machine}.`;
  const tables = `${caption}\n\n${budgetTable(figures)}\n\n${cpuTable(figures)}`;
  await replaceFile(README, between(await readFile(README, "utf8"), tables));
  return [fileURLToPath(latest), fileURLToPath(README)];
}

/** New figures in the place of old ones of the same name. */
export function merge(old: readonly Figure[], fresh: readonly Figure[]): readonly Figure[] {
  const byName = new Map(old.map((figure) => [figure.what, figure]));
  for (const figure of fresh) byName.set(figure.what, figure);
  return [...byName.values()];
}

/** Puts a text between the two marks of a page. Throws when the page has lost them. */
export function between(page: string, text: string): string {
  const [begin, end] = MARKS.map((mark) => page.indexOf(mark));
  if (begin === undefined || end === undefined || begin < 0 || end < begin) {
    throw new Error(`bench/README.md has no place for the table: it needs the lines ${MARKS.join(" and ")}.`);
  }
  return `${page.slice(0, begin + MARKS[0].length)}\n\n${text}\n\n${page.slice(end)}`;
}

async function readFigures(file: URL): Promise<readonly Figure[]> {
  const text = await readFile(file, "utf8").catch(() => null);
  return text === null ? [] : (JSON.parse(text) as Document).figures;
}

async function replaceFile(file: URL, text: string): Promise<void> {
  const fresh = new URL(`${file.href}.new`);
  await writeFile(fresh, text);
  await rename(fresh, file);
}
