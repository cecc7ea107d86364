import type { BoundaryAction, DataClass } from "@weir/protocol";
import { DEFAULT_ACTIONS } from "@weir/protocol";
import { expect, test } from "vitest";
import { fakeIo } from "../testing/fake-io.ts";
import { CHANNELS } from "./channels.ts";
import { ALL_PARTS } from "./parts.ts";
import type { ProofPolicy } from "./policies.ts";
import type { SideProof } from "./proof.ts";
import { faultLines, hasPassed } from "./report.ts";
import { type Find, type Place, PLACES } from "./search.ts";
import { tableLines } from "./table.ts";
import { type Found, judge } from "./verdict.ts";

function policy(given: Partial<Record<DataClass, BoundaryAction>> = {}, more: Partial<ProofPolicy> = {}): ProofPolicy {
  const actions: Record<DataClass, BoundaryAction> = { ...DEFAULT_ACTIONS, ...given };
  return { name: "p", actionFor: (dataClass) => actions[dataClass], hides: new Set(), env: {}, readers: [], ...more };
}

const opensNothing = { sent: new Set<string>(), answers: new Set<string>() };
const nothing: Found = { finds: [], opened: opensNothing, kept: new Set() };
const at = (channel: string, ...places: Place[]): Find[] =>
  places.map((place) => ({ channel, place, name: "x", form: "plain" }));
const verdicts = (of: ProofPolicy, channel: string, found: Partial<Found>): string[] => {
  const row = judge(of, ALL_PARTS, { ...nothing, ...found }).find((one) => one.channel === channel);
  return row?.cells.map(({ verdict }) => verdict) ?? [];
};

test("what may never leave is a leak wherever it is found", () => {
  expect(verdicts(policy(), "input", { finds: at("input", "sent") })).toEqual(["leak", "absent", "absent", "absent"]);
  expect(verdicts(policy(), "input", {})).toEqual(["absent", "absent", "absent", "absent"]);
});

test("what may leave must be found, but never in the cloud's log", () => {
  const finds = at("logLine", "sent", "database", "answers");
  expect(verdicts(policy(), "logLine", { finds })).toEqual(["present", "present", "present", "absent"]);
  expect(verdicts(policy(), "logLine", {})).toEqual(["missing", "missing", "missing", "absent"]);
  expect(verdicts(policy(), "logLine", { finds: at("logLine", "log") }).at(-1)).toBe("leak");
  expect(verdicts(policy({ log: "drop" }), "logLine", { finds }).slice(0, 3)).toEqual(["leak", "leak", "leak"]);
});

test("a secret may be seen only where its class is sent as it is", () => {
  const finds = at("secretLog", "sent", "database", "answers");
  expect(verdicts(policy(), "secretLog", { finds })[0]).toBe("leak");
  expect(verdicts(policy({ log: "send" }), "secretLog", { finds })[0]).toBe("present");
  expect(verdicts(policy({ log: "seal" }), "secretLog", {})).toEqual(["absent", "absent", "absent", "absent"]);
});

test("what no question shows need not be answered", () => {
  const finds = at("scheduleParameter", "sent", "database");
  expect(verdicts(policy(), "scheduleParameter", { finds })).toEqual(["present", "present", "absent", "absent"]);
});

test("a token that the cloud gave stands in its answers, and nowhere else", () => {
  expect(verdicts(policy(), "tokens", { finds: at("tokens", "answers") })).toEqual([
    "absent",
    "absent",
    "present",
    "absent",
  ]);
  expect(verdicts(policy(), "tokens", { finds: at("tokens", "sent", "database", "log") })).toEqual([
    "leak",
    "leak",
    "missing",
    "leak",
  ]);
});

test("what is sealed must open with the reader's key", () => {
  const sealed = policy({ log: "seal" }, { readers: [{} as ProofPolicy["readers"][number]] });
  const [sent, answers] = [new Set(["logLine"]), new Set(["logLine"])];
  expect(verdicts(sealed, "logLine", {})).toEqual(["closed", "absent", "closed", "absent"]);
  expect(verdicts(sealed, "logLine", { opened: { ...opensNothing, sent } })[2]).toBe("closed");
  expect(verdicts(sealed, "logLine", { opened: { sent, answers } })).toEqual(["opens", "absent", "opens", "absent"]);
});

test("what an id or a pseudonym stands for must be kept on the user's side", () => {
  const strict = policy({ exception: "id-only", location: "pseudonym" });
  expect(verdicts(strict, "errorMessage", {})[2]).toBe("lost");
  expect(verdicts(strict, "location", { kept: new Set(["location"]) })[2]).toBe("kept");
});

test("what a policy or a flow hides beyond its classes is a leak when it is found", () => {
  const finds = at("patternLine", "sent");
  expect(verdicts(policy(), "patternLine", { finds })[0]).toBe("present");
  expect(verdicts(policy({}, { hides: new Set(["pattern"]) }), "patternLine", { finds })[0]).toBe("leak");
  expect(verdicts(policy(), "askedLine", { finds: at("askedLine", "sent") })[0]).toBe("leak");
});

test("only what was played is judged", () => {
  const rows = judge(policy(), ["exits"], nothing);
  expect(rows.map(({ channel }) => channel)).toEqual(["lastLine"]);
});

const searched = (finds: readonly Find[], more: Partial<SideProof> = {}) => {
  const side = { name: "p", policy: policy(), parts: ["exits"] as const, happened: [], problem: null, ledger: null };
  const rows = judge(side.policy, side.parts, { ...nothing, finds });
  return {
    sides: [{ ...side, rows, ...more }],
    requests: 1,
    holdings: 1,
    bytes: { sent: 1, database: 1, answers: 1, log: 1 },
  };
};

const crash = { part: "exits", what: "the process ends itself", states: "Scheduled → Success" } as const;

test("the proof fails for a leak, for what is missing, for what did not happen, and for what was not played to its end", () => {
  const well = at("lastLine", "sent", "database", "answers");
  expect(hasPassed(searched(well))).toBe(true);
  expect(hasPassed(searched([...well, ...at("lastLine", "log")]))).toBe(false);
  expect(hasPassed(searched([]))).toBe(false);
  expect(hasPassed(searched(well, { problem: new Error("ended") }))).toBe(false);
  expect(hasPassed(searched(well, { ledger: "It is not whole." }))).toBe(false);
  expect(hasPassed(searched(well, { happened: [{ ...crash, happened: true }] }))).toBe(true);
  expect(faultLines(searched(well, { happened: [{ ...crash, happened: false }] }))).toEqual([
    "p: DID NOT HAPPEN: the process ends itself. States of its run: Scheduled → Success",
  ]);
  expect(hasPassed({ ...searched(well), sides: [] })).toBe(false);
  const noLog = { ...searched(well), bytes: { sent: 1, database: 1, answers: 1, log: 0 } };
  expect(faultLines(noLog)).toEqual(["Of the cloud's log there was nothing to search."]);
  expect(faultLines(searched([]))[0]).toContain("MISSING, it may leave and was not found in what was sent");
  expect(faultLines(searched([...well, ...at("lastLine", "log")]))[0]).toContain(
    "LEAK, found in the cloud's log: x (plain)",
  );
});

test("the table fits on 80 columns, each channel has a title of its own, and nothing depends on colour", () => {
  const titles = CHANNELS.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
  expect(titles.filter((title) => title.length > 32)).toEqual([]);
  expect(new Set(CHANNELS.map(({ id }) => id)).size).toBe(CHANNELS.length);
  const io = fakeIo({ columns: 80 });
  const side = {
    policy: policy(),
    parts: ALL_PARTS,
    happened: [],
    problem: null,
    ledger: null,
    rows: judge(policy(), ALL_PARTS, nothing),
  };
  const lines = tableLines(
    io,
    ["default", "strict", "sealed"].map((name) => ({ ...side, name, policy: policy({}, { name }) })),
  );
  expect(lines.filter((line) => line.length > 80)).toEqual([]);
  expect(lines[2]).toMatch(/^argument of a task {15}·   ·   ·   ·   ·/);
  expect(PLACES).toHaveLength(4);
});
