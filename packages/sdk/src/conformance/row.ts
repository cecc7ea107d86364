import type { FailureCode } from "@weir/protocol";
import type { StateName } from "@weir/protocol/state";
import { expect } from "vitest";
import type { RuleId } from "./rules.ts";
import type { Attempt, Played } from "./support/stage.ts";
import { Stage } from "./support/stage.ts";

/** What an attempt must come to. Only what is named is asked for; `writes`, `reads`, `ran` and `asked` are whole lists. */
export interface Expected {
  readonly end?: StateName | "waiting" | "paused";
  readonly value?: unknown;
  /** States in order, by `task`, `task#1` (its second call), `task[0]` (a child): `"Pending Running Success"`. Null: nothing is told of it. */
  readonly states?: Readonly<Record<string, string | null>>;
  /** Executions, as the row's tasks noted them, in any order. */
  readonly ran?: readonly string[];
  /** Whose results were written, in any order. */
  readonly writes?: readonly string[];
  readonly reads?: readonly string[];
  /** Questions to the cloud, in order. */
  readonly asked?: readonly string[];
  /** What the last state of a task run, or the run's end (`""`), says: message or failure, causes included. */
  readonly says?: Readonly<Record<string, RegExp>>;
  readonly codes?: Readonly<Record<string, FailureCode>>;
  readonly logs?: readonly RegExp[];
  /** Anything else. */
  readonly and?: (played: Played, stage: Stage) => void | Promise<void>;
}

/** A later attempt of the same run. */
export interface Later extends Attempt {
  /** `restart`: by a person, after the end. `recover`: by another agent, with what the cloud knew. `new`: another run, of the same cloud and store. */
  readonly by: "restart" | "recover" | "new";
  readonly before?: (stage: Stage) => void;
  readonly flow?: (stage: Stage) => object;
  readonly expect: Expected;
}

/** One proof of a rule: a flow, and what must come of it. */
export interface Row {
  readonly rule: RuleId;
  /** The rule in plain words. */
  readonly name: string;
  readonly before?: (stage: Stage) => void;
  /** Made anew for the row; later attempts take the same flow unless they bring their own. */
  readonly flow: (stage: Stage) => object;
  readonly with?: Attempt | ((stage: Stage) => Attempt);
  readonly expect: Expected;
  readonly later?: readonly Later[];
}

/** A proof that needs no run: of names, types, tables. */
export interface Fact {
  readonly rule: RuleId;
  readonly name: string;
  readonly holds: () => void | Promise<void>;
}

export type Proof = Row | Fact;

function attemptOf(row: Row, stage: Stage): Attempt {
  return typeof row.with === "function" ? row.with(stage) : (row.with ?? {});
}

/** Plays a row's attempts one after the other and checks each. */
export async function prove(proof: Proof): Promise<void> {
  if ("holds" in proof) return await proof.holds();
  const stage = new Stage();
  proof.before?.(stage);
  const flow = proof.flow(stage);
  await check(await stage.play(flow, attemptOf(proof, stage)), proof.expect, stage);
  for (const next of proof.later ?? []) {
    next.before?.(stage);
    const again = next.flow?.(stage) ?? flow;
    await check(await played(stage, again, next), next.expect, stage);
  }
}

async function played(stage: Stage, flow: object, later: Later): Promise<Played> {
  if (later.by === "restart") return await stage.restart(flow, later);
  return later.by === "recover" ? await stage.recover(flow, later) : await stage.play(flow, later);
}

async function check(played: Played, expected: Expected, stage: Stage): Promise<void> {
  const { end, value, states = {}, ran, writes, reads, asked } = expected;
  for (const [name, path] of Object.entries(states)) {
    expect(played.runs.get(name)?.states.join(" ") ?? null, `states of ${name}`).toBe(path);
  }
  if (end !== undefined) expect("rest" in played.end ? played.end.rest : played.end.state, why(played)).toBe(end);
  if ("value" in expected) expect(played.end).toEqual({ state: "Success", value });
  if (ran !== undefined) expect(played.ran.toSorted(), "executed").toEqual(ran.toSorted());
  if (writes !== undefined) expect(played.writes.toSorted(), "written").toEqual(writes.toSorted());
  if (reads !== undefined) expect(played.reads.toSorted(), "read").toEqual(reads.toSorted());
  if (asked !== undefined) expect(played.asked, "asked").toEqual(asked);
  checkWords(played, expected);
  await expected.and?.(played, stage);
}

function why({ end }: Played): string {
  return "error" in end ? `it ended so because of ${String(end.error)}` : "it came to rest";
}

function checkWords(played: Played, { says = {}, codes = {}, logs = [] }: Expected): void {
  for (const [name, words] of Object.entries(says)) expect(JSON.stringify(last(played, name)), name).toMatch(words);
  for (const [name, code] of Object.entries(codes)) expect(last(played, name)?.failure?.code, name).toBe(code);
  for (const line of logs) expect(played.logs.join("\n")).toMatch(line);
}

function last(played: Played, name: string) {
  if (name !== "") return played.runs.get(name)?.events.at(-1);
  return played.events.findLast((event) => event.kind === "flow");
}
