import type { ArtifactKind } from "@weir/protocol";
import { jsonProblem } from "@weir/protocol/json";
import { LIMITS } from "@weir/protocol/limits";
import { frames } from "./frame.ts";

/** A cell of a table. */
export type Cell = string | number | boolean | null;

/** Things that a flow makes for people to look at. They cross the line. The same name again replaces what it named. */
export interface Artifacts {
  /** @example run.artifact.link("dashboard", { url: "https://grafana.example/d/1", text: "Load of today" }) */
  link(name: string, link: { readonly url: string; readonly text?: string }): void;
  /** @example run.artifact.markdown("report", "# 12 orders\n…") */
  markdown(name: string, markdown: string): void;
  /** @example run.artifact.table("worst", [{ airport: "ORD", late: 0.31 }]) */
  table(name: string, rows: readonly Readonly<Record<string, Cell>>[]): void;
}

function jsonText(data: unknown, what: string): string {
  try {
    return JSON.stringify(data);
  } catch (cause) {
    throw new TypeError(`${what} holds something that JSON cannot carry. Use plain JSON data.`, { cause });
  }
}

function make(artifact: ArtifactKind, name: string, data: unknown): void {
  if (name.length === 0 || name.length > LIMITS.nameLength) {
    throw new TypeError(`The name of an artifact must be a text of 1 to ${LIMITS.nameLength} characters.`);
  }
  const what = `The artifact ${JSON.stringify(name)}`;
  const problem = jsonProblem(data, what);
  if (problem !== null) throw new TypeError(`${problem}. Use plain JSON data.`);
  const bytes = Buffer.byteLength(jsonText(data, what));
  if (bytes > LIMITS.artifactBytes) {
    throw new TypeError(
      `${what} has ${bytes} bytes; the most is ${LIMITS.artifactBytes}. Write it to a file or a store and link to it.`,
    );
  }
  const frame = frames.getStore();
  const event = { kind: "artifact", at: Date.now(), name, artifact, data } as const;
  frame?.facts.emit(frame.taskRunNumber === undefined ? event : { ...event, number: frame.taskRunNumber });
}

export const artifact: Artifacts = {
  link: (name, link) => make("link", name, { ...link }),
  markdown: (name, markdown) => make("markdown", name, { markdown }),
  table: (name, rows) => make("table", name, { rows: [...rows] }),
};
