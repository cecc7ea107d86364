import { STATE_NAMES, type StateName } from "@weir/protocol";
import { expect, test } from "vitest";
import { decideWaiting, WAITING_REASONS, type WaitingReason } from "./decide-waiting.ts";
import type { AgentsFacts, NearAgent, WaitingFacts } from "./waiting-facts.ts";

const ID = "0198c5d2-7f3a-7c11-9d56-3f1b1a2c4d5e";
const TEN = new Date("2026-11-21T10:00:00Z");

const near = (changes: Partial<NearAgent> = {}): NearAgent => ({
  name: "mill",
  online: true,
  silentSeconds: 4,
  missingLabels: [],
  servesProject: true,
  held: 0,
  capacity: 10,
  pausedBy: null,
  ...changes,
});
const agents = (counts: Partial<AgentsFacts> = {}): AgentsFacts => ({
  total: 1,
  matching: 1,
  online: 1,
  open: 1,
  ready: 1,
  nearest: [near()],
  ...counts,
});
const facts = (changes: Partial<WaitingFacts> = {}): WaitingFacts => ({
  runId: ID,
  state: "Scheduled",
  labels: [],
  project: "default",
  attempt: 0,
  scheduledStartTime: TEN,
  isDue: true,
  pauseAsked: false,
  holder: null,
  queuePause: null,
  limits: [],
  agents: agents(),
  approvals: [],
  taskSlots: [],
  ...changes,
});

const queuePause = { at: "2026-11-21T09:00:00Z", by: "ada@example.com", reason: "disk" };
const holder = { name: "mill", silentSeconds: 7 };
const full = { label: "gpu", slots: 1, held: 2, holders: [{ flowRunId: ID, flowRunName: "nightly", agent: "mill" }] };
const noAgent = agents({ total: 0, matching: 0, online: 0, open: 0, ready: 0, nearest: [] });
const offline = agents({ online: 0, open: 0, ready: 0, nearest: [near({ online: false, silentSeconds: 600 })] });
const pausedAgents = agents({ open: 0, ready: 0, nearest: [near({ name: "old mill", pausedBy: "key ops" })] });
const noMatch = agents({
  total: 3,
  matching: 0,
  online: 0,
  open: 0,
  ready: 0,
  nearest: [
    near({ missingLabels: ["gpu"] }),
    near({ name: "far", servesProject: false, online: false, silentSeconds: 200_000 }),
  ],
});
const approval = { taskRunNumber: 3, task: "check", message: "are the figures right?" };
const slot = { tag: "db", slots: 1, held: 1, waiting: 2 };

interface Row {
  readonly name: string;
  readonly given: Partial<WaitingFacts>;
  readonly reason: WaitingReason | null;
  readonly sentence?: string;
  readonly command?: string | null;
}

// What stands in the way first is told, although more may stand behind it.
const TABLE: Row[] = [
  {
    name: "its time has not come, whatever else is amiss",
    given: { isDue: false, queuePause, agents: noAgent },
    reason: "SCHEDULED",
    sentence: "It is scheduled for 2026-11-21T10:00:00.000Z.",
    command: null,
  },
  {
    name: "it was begun before, and goes on later",
    given: { isDue: false, state: "Retrying", attempt: 2 },
    reason: "RETRYING",
    sentence: "Attempt 2 is over; it goes on at 2026-11-21T10:00:00.000Z.",
  },
  {
    name: "the queue is paused, also when there is no agent",
    given: { queuePause, agents: noAgent },
    reason: "QUEUE_PAUSED",
    sentence: "ada@example.com paused the queue at 2026-11-21T09:00:00.000Z: no agent claims a run.",
    command: "weir queue resume",
  },
  {
    name: "no agent at all: the command to start one, as a shell takes it",
    given: { agents: noAgent, labels: ["gpu", "it's"], project: "data science" },
    reason: "NO_AGENT",
    command: String.raw`weir agent start --label gpu --label 'it'\''s' --project 'data science'`,
  },
  {
    name: "no agent with its labels: who comes nearest, and what it lacks",
    given: { agents: noMatch, labels: ["gpu"] },
    reason: "NO_MATCHING_AGENT",
    sentence:
      "None of the 3 agents has the labels gpu and serves the project default. Nearest: mill lacks gpu; far serves other projects, last heard 2 days ago.",
    command: "weir agent start --label gpu --project default",
  },
  {
    name: "agents that could are silent",
    given: { agents: offline },
    reason: "AGENTS_OFFLINE",
    sentence: "No agent that could take it was heard of lately: mill last heard 10 min ago.",
  },
  {
    name: "agents that could are paused, also when a label is full",
    given: { agents: pausedAgents, limits: [full] },
    reason: "AGENTS_PAUSED",
    sentence: "Each agent that could take it is paused: old mill by key ops.",
    command: "weir agents resume 'old mill'",
  },
  {
    name: "a label is full, also when agents are: who holds it",
    given: { limits: [full], agents: agents({ ready: 0 }) },
    reason: "LIMIT_FULL",
    sentence: "The limit of the label gpu is full (2 of 1): held by nightly and 1 more.",
    command: "weir limits list",
  },
  {
    name: "a limit of 0",
    given: { limits: [{ ...full, slots: 0, held: 0, holders: [] }] },
    reason: "LIMIT_FULL",
    sentence: "The limit of the label gpu is 0: no run with it may be held.",
  },
  {
    name: "agents are full; a label that has room is no reason",
    given: { limits: [{ ...full, held: 0 }], agents: agents({ ready: 0, nearest: [near({ held: 10 })] }) },
    reason: "AGENTS_FULL",
    sentence: "Each agent that could take it holds as many runs as it may: mill (10 of 10).",
  },
  {
    name: "nothing stands in its way",
    given: { state: "Resume", attempt: 1 },
    reason: "CLAIMABLE",
    sentence: "Nothing stands in its way: Agent mill takes it at its next look.",
  },
  {
    name: "a person paused it; an approval alone would not do",
    given: { state: "Paused", pauseAsked: true, approvals: [approval], agents: null },
    reason: "PAUSED",
    command: `weir runs resume ${ID}`,
  },
  {
    name: "a task run waits for a person",
    given: { state: "Paused", approvals: [approval], agents: null },
    reason: "AWAITS_APPROVAL",
    sentence: "check (task run 3) waits for a person's approval.",
    command: `weir runs approve ${ID} 3`,
  },
  {
    name: "paused, and nobody knows by what",
    given: { state: "Paused", agents: null },
    reason: "PAUSED",
  },
  {
    name: "held, and not begun",
    given: { state: "Submitted", holder, agents: null },
    reason: "SUBMITTED",
    sentence: "Agent mill holds it, last heard 7 s ago; it has not begun the run yet.",
  },
  {
    name: "asked to stop",
    given: { state: "Cancelling", holder, agents: null },
    reason: "CANCELLING",
    sentence:
      "It was asked to stop. Agent mill holds it, last heard 7 s ago; if that stays silent, the run is Cancelled when its lease ends.",
  },
  {
    name: "runs, and task runs of it wait for slots",
    given: { state: "Running", taskSlots: [slot, { ...slot, tag: "api", slots: null, waiting: 1 }], agents: null },
    reason: "TASK_SLOT",
    sentence:
      "2 task runs wait for a slot of the tag db (1 of 1 held). 1 task run waits for a slot of the tag api (1 of unlimited held).",
  },
  { name: "runs", given: { state: "Running", holder, agents: null }, reason: null },
];

test.each(TABLE)("$name", ({ given, reason, sentence, command }) => {
  const waiting = decideWaiting(facts(given));
  expect(waiting?.reason ?? null).toBe(reason);
  if (sentence !== undefined) expect(waiting?.sentence).toBe(sentence);
  if (command !== undefined) expect(waiting?.command).toBe(command);
});

test("every reason is in the table", () => {
  const told = new Set(TABLE.map(({ reason }) => reason).filter((reason) => reason !== null));
  expect([...told].toSorted()).toEqual((Object.keys(WAITING_REASONS) as WaitingReason[]).toSorted());
});

test("the facts of the reason come along, and no others", () => {
  const limited = decideWaiting(facts({ limits: [full, { ...full, label: "eu", slots: 9 }] }));
  expect(limited).toMatchObject({ limits: [full], agents: [], pause: null, until: null });
  expect(decideWaiting(facts({ queuePause }))).toMatchObject({
    pause: { by: "ada@example.com", reason: "disk", at: new Date("2026-11-21T09:00:00Z") },
    limits: [],
  });
  expect(decideWaiting(facts({ isDue: false }))?.until).toEqual(TEN);
});

test("a run that is over waits for nothing", () => {
  const over: StateName[] = STATE_NAMES.filter((state) =>
    ["Success", "Failed", "Cancelled", "Crashed", "TimedOut"].includes(state),
  );
  expect(over.map((state) => decideWaiting(facts({ state })))).toEqual(over.map(() => null));
});
