import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateSealKey, publicHalf } from "@weir/protocol/seal";
import type { Contender, Contest, Line } from "./contest.ts";
import type { Stage } from "./stage/stage.ts";

/** Each with five log lines of 200 bytes: 50,000 lines. */
const TASKS = 10_000;

const line = (what: string, ours: string, peer = "no gate"): Line => ({
  what: `gate: a run of 10,000 tasks and 50,000 log lines, ${what}`,
  ours,
  peer,
  limit: peer,
  statistic: "p50",
  goal: { timesPeerAtMost: 1.05 },
});

/** What redaction, sealing and ledger cost: the same run through an agent whose gate does none of it. */
export const gate: Contest = {
  id: "gate",
  unit: "ms",
  lines: [
    line("default policy", "default"),
    line("50 secrets", "secrets"),
    line("everything sealed", "sealed"),
    line("default policy, tasks of 1 ms", "default, 1 ms", "no gate, 1 ms"),
    line("50 secrets, tasks of 1 ms", "secrets, 1 ms", "no gate, 1 ms"),
    line("everything sealed, tasks of 1 ms", "sealed, 1 ms", "no gate, 1 ms"),
  ],
  open: async (stage, scale) => {
    await stage.startAgent({ name: "bare", labels: ["bare"], bare: true });
    await stage.startAgent({ name: "default", labels: ["default"] });
    await stage.startAgent({ name: "secrets", labels: ["secrets"], env: fiftySecrets() });
    await stage.startAgent({ name: "sealed", labels: ["sealed"], env: await sealing(stage) });
    const tasks = Math.ceil(TASKS * scale);
    const of = (label: string, milliseconds = 0): Contender => talkative(stage, label, { tasks, milliseconds });
    return {
      "no gate": of("bare"),
      default: of("default"),
      secrets: of("secrets"),
      sealed: of("sealed"),
      // Tasks that do nothing let the child write lines as fast as it can, which no flow does; these do as little as a task may.
      "no gate, 1 ms": of("bare", 1),
      "default, 1 ms": of("default", 1),
      "secrets, 1 ms": of("secrets", 1),
      "sealed, 1 ms": of("sealed", 1),
    };
  },
};

/** Milliseconds from asking for the run until the cloud has its last event. */
function talkative(stage: Stage, label: string, of: { tasks: number; milliseconds: number }): Contender {
  return {
    units: of.tasks,
    measure: async () => {
      const began = performance.now();
      const run = await stage.createFlowRun({ flow: "talkative", parameters: of, labels: [label] });
      await stage.ended([run.id]);
      const elapsed = performance.now() - began;
      await stage.mustBeWhole([run.id], of.tasks);
      return [elapsed];
    },
  };
}

function fiftySecrets(): Record<string, string> {
  const of = (index: number): [string, string] => [`SERVICE_${index}_TOKEN`, `tok-${index}-${"q8Zr3LxV0".repeat(3)}`];
  return Object.fromEntries(Array.from({ length: 50 }, (_, index) => of(index)));
}

/** A policy that seals whatever can be sealed, for one reader and the agents. */
async function sealing(stage: Stage): Promise<Record<string, string>> {
  const directory = join(stage.directory, "sealing");
  mkdirSync(directory, { recursive: true });
  const [inside, reader] = [await generateSealKey(), await generateSealKey()];
  const [keyFile, policyFile] = [join(directory, "inside.json"), join(directory, "weir.boundary.yaml")];
  writeFileSync(keyFile, JSON.stringify(inside), { mode: 0o600 });
  const classes = ["log", "exception", "location", "run-name", "artifact"].map((name) => `  ${name}: seal\n`).join("");
  const recipient = `{ name: reader, jwk: ${JSON.stringify(publicHalf(reader))} }`;
  writeFileSync(policyFile, `version: 1\nclasses:\n${classes}seal:\n  recipients:\n    - ${recipient}\n`);
  return { WEIR_BOUNDARY_FILE: policyFile, WEIR_AGENT_SEAL_KEY_FILE: keyFile };
}
