import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { reportOf } from "../error-report.ts";
import type { Searched, SideProof } from "./proof.ts";
import { PLACES } from "./search.ts";
import type { Cell, Row } from "./verdict.ts";

/** The proof as a document: of --json and of proof.json. */
export function proofDocument(searched: Searched, at: Date, seconds: number): object {
  const { sides, requests, bytes, holdings } = searched;
  return {
    passed: hasPassed(searched),
    at: at.toISOString(),
    seconds,
    searched: { requests, holdings, bytes },
    policies: sides.map(({ policy, parts, rows, happened, problem, ledger }) => ({
      policy: policy.name,
      parts,
      problem: problemOf(problem),
      ledger,
      happened,
      channels: rows.map(({ channel, title, actions, cells }) => ({ channel, title, actions, places: cells })),
    })),
  };
}

/** Whether each side was played to its end, all happened that was to, and each canary was found where it had to be, and nowhere else. */
export function hasPassed(searched: Searched): boolean {
  return searched.sides.length > 0 && faultLines(searched).length === 0;
}

function problemOf(problem: unknown): string | null {
  return problem === null ? null : reportOf(problem).message;
}

/** A sentence for each thing that speaks against the proof. Of a side that was not played to its end, only why. */
export function faultLines({ sides, bytes }: Searched): string[] {
  const ofSides = sides.flatMap((side) => {
    const faults = side.problem === null ? faultsOfPlayed(side) : [problemOf(side.problem)];
    return faults.map((text) => `${side.policy.name}: ${text}`);
  });
  const empty = PLACES.filter((place) => bytes[place] === 0);
  return [...ofSides, ...empty.map((place) => `Of ${PLACE_NAMES[place]} there was nothing to search.`)];
}

function faultsOfPlayed({ rows, happened, ledger }: SideProof): string[] {
  const missed = happened.filter((one) => !one.happened);
  return [
    ...missed.map(({ what, states }) => `DID NOT HAPPEN: ${what}. States of its run: ${states || "none"}`),
    ...rows.flatMap(faultSentences),
    ...(ledger === null ? [] : [ledger]),
  ];
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
      : [`${title}: it is to be sealed, and in ${names("closed")} nothing that the reader's key opens holds it`]),
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

/** How much was searched. */
export function searchedLine({ bytes, requests }: Searched): string {
  const megabytes = (count: number): string => `${(count / 1e6).toFixed(count < 1e5 ? 3 : 1)} MB`;
  return `Searched: ${requests} requests that were sent (${megabytes(bytes.sent)}), the cloud's database (${megabytes(bytes.database)}), its answers (${megabytes(bytes.answers)}) and its log (${megabytes(bytes.log)}).`;
}

/** What happened under each of the policies that were played to their end. */
export function happenedLine({ sides }: Searched): string {
  const [first, ...others] = sides.filter(({ problem }) => problem === null);
  const everywhere = (what: string): boolean =>
    others.every(({ happened }) => happened.some((one) => one.what === what && one.happened));
  const all = first?.happened.filter((one) => one.happened && everywhere(one.what)) ?? [];
  return `Happened under each policy, as the cloud's own history tells it: ${all.map(({ what }) => what).join(" · ") || "nothing"}.`;
}

/** The report for people. */
export function proofMarkdown(searched: Searched, at: Date, seconds: number): string {
  const lines = [
    "# What leaves: a proof",
    "",
    `Made ${at.toISOString()} by \`weir prove\` in ${seconds} s. Verdict: **${hasPassed(searched) ? "passed" : "FAILED"}**.`,
    "",
    searchedLine(searched),
    "",
    ...faultLines(searched).map((text) => `- ${text}`),
    ...searched.sides.flatMap(sideLines),
  ];
  return `${lines.join("\n")}\n`;
}

function sideLines(side: SideProof): string[] {
  const { policy, rows, happened, problem } = side;
  if (problem !== null) return ["", `## Policy ${policy.name}`, "", "It was not played to its end."];
  const ledger = "The agent's ledger is whole, and its hashes are those of the messages that the proxy recorded.";
  return [
    "",
    `## Policy ${policy.name}`,
    "",
    ...(side.ledger === null ? [ledger, ""] : []),
    "What happened, as the cloud's own history tells it:",
    "",
    ...happened.map((one) => `- ${one.happened ? "✓" : "✗"} ${one.what} (\`${one.part}\`: ${one.states})`),
    "",
    "What was found:",
    "",
    "| channel | policy | may be in the clear in | sent | database | answers | log |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows.map(
      ({ title, actions, cells }) =>
        `| ${title} | ${actions.join(", ") || "never"} | ${allowedPlaces(cells)} | ${cells.map(({ verdict }) => WORDS[verdict]).join(" | ")} |`,
    ),
  ];
}

function allowedPlaces(cells: readonly Cell[]): string {
  return cells.flatMap(({ place, allowed }) => (allowed ? [place] : [])).join(", ") || "none";
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
