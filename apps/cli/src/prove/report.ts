import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportOf } from "../error-report.ts";
import { PARTS } from "./parts.ts";
import type { Searched, SideProof } from "./proof.ts";
import type { Cell, Row } from "./verdict.ts";
import { faultsOf } from "./verdict.ts";

/** The proof as a document: of --json and of proof.json. */
export function proofDocument(searched: Searched, at: Date, seconds: number): object {
  const { sides, requests, bytes, holdings } = searched;
  return {
    passed: hasPassed(searched),
    at: at.toISOString(),
    seconds,
    searched: { requests, holdings, bytes },
    policies: sides.map(({ policy, parts, rows, problem, ledger }) => ({
      policy: policy.name,
      parts,
      problem: problemOf(problem),
      ledger,
      channels: rows.map(({ channel, title, actions, allowed, cells }) => ({
        channel,
        title,
        actions,
        allowed,
        places: cells,
      })),
    })),
  };
}

/** Whether each side was played to its end, and each canary was found where it had to be, and nowhere else. */
export function hasPassed({ sides }: Searched): boolean {
  return (
    sides.length > 0 &&
    sides.every(({ rows, problem, ledger }) => problem === null && ledger === null && faultsOf(rows).length === 0)
  );
}

function problemOf(problem: unknown): string | null {
  return problem === null ? null : reportOf(problem).message;
}

/** A sentence for each thing that speaks against the proof. Of a side that was not played to its end, only why. */
export function faultLines({ sides }: Searched): string[] {
  return sides.flatMap(({ policy, rows, problem, ledger }) => {
    const ofRows = rows.flatMap(faultSentences);
    const faults = problem === null ? [...ofRows, ...(ledger === null ? [] : [ledger])] : [problemOf(problem)];
    return faults.map((text) => `${policy.name}: ${text}`);
  });
}

function faultSentences({ title, cells }: Row): string[] {
  const names = (verdict: Cell["verdict"]): string =>
    cells.flatMap((cell) => (cell.verdict === verdict ? [PLACE_NAMES[cell.place]] : [])).join(", ");
  const leaks = cells.filter(({ verdict }) => verdict === "leak");
  return [
    ...leaks.map(({ place, where }) => `${title}: LEAK, found in ${PLACE_NAMES[place]}: ${where.join("; ")}`),
    ...(names("missing") === "" ? [] : [`${title}: MISSING, it may leave and was not found in ${names("missing")}`]),
    ...(names("closed") === ""
      ? []
      : [`${title}: it is to be sealed, and nothing that the reader's key opens holds it`]),
    ...(names("lost") === "" ? [] : [`${title}: what left stands for it, and your side has not kept it`]),
  ];
}

const PLACE_NAMES: Readonly<Record<Cell["place"], string>> = {
  sent: "what was sent",
  database: "the cloud's database",
  answers: "the cloud's answers",
  log: "the cloud's log",
};

const WORDS: Readonly<Record<Cell["verdict"], string>> = {
  absent: "not found",
  present: "found",
  leak: "**LEAK**",
  missing: "**MISSING**",
  opens: "sealed, opens",
  closed: "**DOES NOT OPEN**",
  kept: "kept on your side",
  lost: "**LOST**",
};

/** The report for people. */
export function proofMarkdown(searched: Searched, at: Date, seconds: number): string {
  const { bytes, requests } = searched;
  const megabytes = (count: number): string => `${(count / 1e6).toFixed(1)} MB`;
  const lines = [
    "# What leaves: a proof",
    "",
    `Made ${at.toISOString()} by \`weir prove\` in ${seconds} s. Verdict: **${hasPassed(searched) ? "passed" : "FAILED"}**.`,
    "",
    `Searched: ${requests} requests that were sent (${megabytes(bytes.sent)}), the cloud's database (${megabytes(bytes.database)}), its answers (${megabytes(bytes.answers)}) and its log (${megabytes(bytes.log)}).`,
    "",
    ...faultLines(searched).map((text) => `- ${text}`),
    ...searched.sides.flatMap(sideLines),
  ];
  return `${lines.join("\n")}\n`;
}

function sideLines({ policy, parts, rows }: SideProof): string[] {
  return [
    "",
    `## Policy ${policy.name}`,
    "",
    `Played: ${parts.map((part) => PARTS[part]).join("; ")}.`,
    "",
    "| channel | policy | allowed | sent | database | answers | log |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ title, actions, allowed, cells }) =>
        `| ${title} | ${actions.join(", ") || "never"} | ${allowed ? "yes" : "no"} | ${cells.map(({ verdict }) => WORDS[verdict]).join(" | ")} |`,
    ),
  ];
}

/** Writes proof.md and proof.json. Gives their paths. */
export function saveReport(directory: string, searched: Searched, at: Date, seconds: number): string[] {
  mkdirSync(directory, { recursive: true });
  const files = [
    [join(directory, "proof.md"), proofMarkdown(searched, at, seconds)],
    [join(directory, "proof.json"), `${JSON.stringify(proofDocument(searched, at, seconds), null, 2)}\n`],
  ] as const;
  for (const [file, text] of files) writeFileSync(file, text);
  return files.map(([file]) => file);
}
