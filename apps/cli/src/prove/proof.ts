import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io } from "../io.ts";
import type { Part } from "./parts.ts";
import type { PolicyMaker, ProofPolicy } from "./policies.ts";
import { type Database, ProofCloud } from "./proof-cloud.ts";
import { ledgerProblem } from "./ledger-check.ts";
import { type Happened, happened } from "./happenings.ts";
import { historiesOf, type History } from "./history.ts";
import { openedBy } from "./opened.ts";
import { playScenario } from "./scenario.ts";
import { type Find, type Holding, search } from "./search.ts";
import { Side } from "./side.ts";
import { type Found, judge, type Row } from "./verdict.ts";

/** One user's side of a proof. */
export interface SidePlan {
  /** Unique in the proof. */
  readonly name: string;
  readonly policy: PolicyMaker;
  readonly parts: readonly Part[];
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProofOptions {
  readonly database: Database;
  readonly sides: readonly SidePlan[];
  /** Sides that are played at the same time. */
  readonly atOnce: number;
  readonly step: (sentence: string) => void;
  /** Whether what was written stays: logs, ledgers, the flows and their canaries. It does in any case when the scenario could not be played to its end. */
  readonly keep: boolean;
}

/** What came of one side. */
export interface SideProof {
  readonly name: string;
  readonly policy: ProofPolicy;
  readonly parts: readonly Part[];
  readonly rows: readonly Row[];
  /** What of the scenario happened, as the cloud's own history tells it. */
  readonly happened: readonly Happened[];
  /** Why the scenario could not be played to its end; null when it was. */
  readonly problem: unknown;
  /** What speaks against the agent's ledger; null: nothing does. */
  readonly ledger: string | null;
}

/** What was searched. */
export interface Searched {
  readonly sides: readonly SideProof[];
  readonly requests: number;
  readonly bytes: Readonly<Record<Holding["place"], number>>;
  readonly holdings: number;
}

/** Plays the scenario on each side, searches everything, and judges. What was started has ended and what was written is removed, unless something broke. */
export async function runProof(io: Io, o: ProofOptions): Promise<Searched> {
  const directory = mkdtempSync(join(tmpdir(), "weir-prove-"));
  chmodSync(directory, 0o755);
  const cloud = new ProofCloud(io, join(directory, "cloud"), o.database);
  const sides: Side[] = [];
  const problems = new Map<string, unknown>();
  let isWhole = false;
  try {
    o.step("a cloud is starting");
    const { url, keys, secret: cloudSecret } = await cloud.start();
    const playing = inLanes(o.sides, o.atOnce, async (plan) => {
      const folder = join(directory, plan.name);
      const policy = await plan.policy(folder);
      const side = new Side(io, {
        name: plan.name,
        policy,
        cloudUrl: url,
        keys,
        cloudSecret,
        directory: folder,
        env: plan.env ?? {},
      });
      sides.push(side);
      problems.set(plan.name, await played(side, plan, o.step));
    });
    await Promise.race([playing, cloud.broken()]);
    io.interrupted.throwIfAborted();
    await cloud.stop();
    o.step("everything that the cloud holds is read");
    const holdings = [...sides.flatMap((side) => side.holdings()), ...(await cloud.holdings())];
    o.step("all of it is searched");
    const proof = await searched(io, o.sides, sides, holdings, problems);
    isWhole = proof.sides.every(({ problem }) => problem === null);
    return proof;
  } finally {
    await Promise.all(sides.map((side) => side.stop()));
    await cloud.close();
    // Where something broke, its logs tell why.
    if (o.keep || (!isWhole && !io.interrupted.aborted)) o.step(`everything that was written stays in ${directory}`);
    else rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Plays one side to its end. Gives what kept it from that; an interruption is thrown. */
async function played(side: Side, { name, parts }: SidePlan, step: ProofOptions["step"]): Promise<unknown> {
  try {
    await side.start();
    step(`${name}: flows are running`);
    await playScenario(side, parts);
    step(`${name}: all flows have ended`);
    return null;
  } catch (error) {
    return error;
  } finally {
    await side.stop();
  }
}

/** Works a list off, so many at a time. */
async function inLanes<T>(list: readonly T[], lanes: number, work: (one: T) => Promise<void>): Promise<void> {
  const waiting = [...list];
  const lane = async (): Promise<void> => {
    for (let one = waiting.shift(); one !== undefined; one = waiting.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

const BETWEEN = " ";

/** Searches all for the canaries of all sides at once: what one side planted must not turn up with another either. */
async function searched(
  io: Io,
  plans: readonly SidePlan[],
  sides: readonly Side[],
  holdings: readonly Holding[],
  problems: ReadonlyMap<string, unknown>,
): Promise<Searched> {
  const canaries = sides.flatMap((side) =>
    side.sought().map((canary) => ({ ...canary, id: `${side.name}${BETWEEN}${canary.id}` })),
  );
  const histories = historiesOf(
    sides.flatMap(({ runs }) => [...runs.values()]),
    holdings,
  );
  const finds = search(canaries, holdings);
  const proofs: SideProof[] = [];
  for (const { name, parts } of plans) {
    const side = sides.find((one) => one.name === name);
    if (side === undefined) continue;
    const { policy } = side;
    const problem = problems.get(name) ?? null;
    // Of what was not played to its end nothing can be said but why.
    const judged = problem === null ? await judgedSide(io, side, parts, ownFinds(finds, name), histories) : UNJUDGED;
    proofs.push({ name, policy, parts, problem, ...judged });
  }
  const bytes = { sent: 0, database: 0, answers: 0, log: 0 };
  for (const { place, content } of holdings) bytes[place] += content.length;
  const requests = holdings.filter(({ place }) => place === "sent").length;
  return { sides: proofs, requests, bytes, holdings: holdings.length };
}

type Judged = Pick<SideProof, "rows" | "happened" | "ledger">;

const UNJUDGED: Judged = { rows: [], happened: [], ledger: null };

async function judgedSide(
  io: Io,
  side: Side,
  parts: readonly Part[],
  finds: readonly Find[],
  histories: ReadonlyMap<string, History>,
): Promise<Judged> {
  return {
    rows: judge(side.policy, parts, { finds, ...(await insideOf(side)) }),
    happened: happened(parts, historiesOfParts(side, histories)),
    ledger: await ledgerProblem(io, side),
  };
}

function historiesOfParts({ runs }: Side, histories: ReadonlyMap<string, History>): Map<Part, History> {
  return new Map(
    [...runs].flatMap(([part, id]) => {
      const history = histories.get(id);
      return history === undefined ? [] : [[part, history] as const];
    }),
  );
}

/** What a reader can open, and what the side itself has kept. */
async function insideOf(side: Side): Promise<Pick<Found, "opened" | "kept">> {
  const own = Object.values(side.canaries);
  const channelsIn = (content: Buffer): ReadonlySet<string> =>
    new Set(search(own, [{ place: "answers", name: "", content, plainly: true }]).map(({ channel }) => channel));
  const openedIn = async (where: Holding["place"]): Promise<ReadonlySet<string>> => {
    const there = side.holdings().filter(({ place }) => place === where);
    return channelsIn(await openedBy(side.policy.readers, there));
  };
  const opened = { sent: await openedIn("sent"), answers: await openedIn("answers") };
  return { opened, kept: channelsIn(side.kept()) };
}

function ownFinds(finds: readonly Find[], side: string): Find[] {
  const prefix = `${side}${BETWEEN}`;
  return finds
    .filter(({ channel }) => channel.startsWith(prefix))
    .map((find) => ({ ...find, channel: find.channel.slice(prefix.length) }));
}
