import { readFileSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Artifact } from "../connection/answers.ts";
import type { Io } from "../io.ts";
import { clean } from "../terminal/clean.ts";
import { markdownLines } from "../terminal/markdown.ts";
import { shortPath } from "../terminal/short-path.ts";
import { wrap } from "../terminal/width.ts";

/** What the flow made for people, with its text where that is at hand. */
export interface Report {
  readonly name: string;
  readonly kind: Artifact["kind"];
  /** Markdown: of the artifact itself, or of the file on this machine that it links to. */
  readonly markdown: string | null;
  /** Where it lies, for a link. */
  readonly url: string | null;
  /** Whether the cloud has the text, or only where it lies. */
  readonly textCrossed: boolean;
}

const LONGEST_FILE = 256 * 1024;

/** The artifacts of a run. A link to a Markdown file on this very machine is followed: the text never crossed. */
export function reportsOf(artifacts: readonly Artifact[]): Report[] {
  return artifacts.map(({ name, kind, data }) => {
    const fields = (typeof data === "object" && data !== null ? data : {}) as { url?: unknown; markdown?: unknown };
    const url = typeof fields.url === "string" ? fields.url : null;
    const own = typeof fields.markdown === "string" ? fields.markdown : typeof data === "string" ? data : null;
    return { name, kind, url, markdown: own ?? textOf(url), textCrossed: own !== null };
  });
}

function textOf(url: string | null): string | null {
  if (url === null || !/^file:.*\.md$/.test(url)) return null;
  try {
    const path = fileURLToPath(url);
    return statSync(path).size <= LONGEST_FILE ? clean(readFileSync(path, "utf8")) : null;
  } catch {
    return null;
  }
}

const MOST_LINES = 18;

/** The reports as lines, long ones cut with a note of where the rest is. */
export function reportLines(io: Io, reports: readonly Report[]): string[] {
  return reports.flatMap((report) => {
    const lines = report.markdown === null ? [] : markdownLines(io, report.markdown);
    const shown = lines.slice(0, MOST_LINES);
    const rest = lines.length - shown.length;
    return [
      ...shown.map((text) => `  ${text}`.trimEnd()),
      ...(rest > 0 ? [io.paint.dim(`  … ${rest} more lines`)] : []),
      ...whereLines(io, report),
    ];
  });
}

function whereLines(io: Io, { name, url, textCrossed }: Report): string[] {
  const where = url === null ? null : url.startsWith("file:") ? shortPath(io.cwd, url) : url;
  const who = textCrossed ? "the cloud has this text as an artifact" : "the cloud has only this link";
  const texts = where === null ? [`${name}: ${who}`] : [`${name}: ${where}`, `(${who})`];
  return texts.flatMap((text) => wrap(text, io.columns - 2)).map((text) => `  ${io.paint.dim(text)}`);
}
