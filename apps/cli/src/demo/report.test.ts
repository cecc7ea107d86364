import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import type { Artifact } from "../connection/answers.ts";
import { fakeIo } from "../testing/fake-io.ts";
import { at, taskRun } from "../testing/sample-run.ts";
import { reportLines, reportsOf } from "./report.ts";
import { resultLines, resultRows } from "./results.ts";

const artifact = (given: Pick<Artifact, "kind" | "data">): Artifact => ({
  name: "report",
  at: at(0),
  taskRunNumber: null,
  ...given,
});

const MARKDOWN =
  "# Delays\n\n| | airport | flights |\n|---:|---|---:|\n| 1 | O'Hare | 9 |\n| 2 | A very long name of an airport | 123 |\n";

test("a markdown artifact is shown as a terminal shows markdown", () => {
  const lines = reportLines(
    fakeIo({ columns: 40 }),
    reportsOf([artifact({ kind: "markdown", data: { markdown: MARKDOWN } })]),
  );
  expect(lines).toEqual([
    "  Delays",
    "",
    "     airport                     flights",
    "  1  O'Hare                            9",
    "  2  A very long name of an ai…      123",
    "  report: the cloud has this text as an",
    "  artifact",
  ]);
});

test("a link to a Markdown file of this machine is followed, and it is said that the text never crossed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "weir report "));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, "r.md"), "# Hello\u001b[2J\n");
  const url = pathToFileURL(join(folder, "r.md")).href;
  const [report] = reportsOf([artifact({ kind: "link", data: { url } })]);
  expect(report).toMatchObject({ markdown: "# Hello\n", textCrossed: false });
  expect(reportLines(fakeIo(), report ? [report] : []).join("\n")).toContain("(the cloud has only this link)");
});

test("a link to elsewhere is shown, never opened", () => {
  const [report] = reportsOf([
    artifact({ kind: "link", data: { url: "https://example.com/r.md" } }),
    artifact({ kind: "link", data: { url: "file:///absent.md" } }),
  ]);
  expect(report?.markdown).toBeNull();
});

test("results are listed by task, those of a map as one row, small ones of one file as that file", () => {
  const location = (file: string) => ({
    location: `file:///home/me/.weir/results/flights/run/${file}`,
    resultBytes: 10,
  });
  const runs = [
    taskRun({ number: 1, task: "load", ...location("load-1.json") }),
    taskRun({ number: 2, task: "each", state: "Mapped", mapCount: 2 }),
    taskRun({ number: 3, task: "each", parent: 2, mapIndex: 0, ...location("pack.jsonl#0,10") }),
    taskRun({ number: 4, task: "each", parent: 2, mapIndex: 1, ...location("pack.jsonl#10,10") }),
    taskRun({ number: 5, task: "unwritten" }),
  ];
  expect(resultRows(runs).map(({ task, bytes, mapped }) => [task, bytes, mapped])).toEqual([
    ["load", 10, false],
    ["each", 20, true],
  ]);
  const lines = resultLines(fakeIo(), runs);
  expect(lines[0]).toBe("  in .weir/results/flights/run/");
  expect(lines[2]).toMatch(/^ {2}each ×2 +pack\.jsonl +20 B$/);
});
