import { join } from "node:path";
import { expect, test } from "vitest";
import { eventually } from "./testing/eventually.ts";
import { inspect } from "./testing/real-stage.ts";
import { person, type Person, setSignedStage, type SignedStage } from "./testing/signed-stage.ts";

// Signed work from end to end: a gate that signs, a real cloud whose database somebody writes in, an agent that trusts some and not others.

const codeOf = (...flows: string[]): string => `
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { flow, startFlowRun, waitForFlowRun } from "@weir/sdk";
const mark = (word: string) => writeFileSync(join(import.meta.dirname, word + ".ran"), "");
const plain = (name: string) => flow(name, ({ word }: { word: string }) => mark(word));
${flows.map((name) => `export const ${name} = plain("${name}");`).join("\n")}
`;

/** Code that is there, with digests that are right: only the signature shows that it is not meant. */
const EVIL = `
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { flow } from "@weir/sdk";
export const storage = flow("storage", () => writeFileSync(join(import.meta.dirname, "evil.ran"), ""));
export const version = flow("version", () => writeFileSync(join(import.meta.dirname, "evil.ran"), ""));
`;

const word = (text: string) => ({ parameterDefaults: { word: text } });
const VERSION_OF = `(select v.id from flow_versions v join flows f on f.id = v.flow_id join projects p on p.id = f.project_id
  where f.name = $1 and p.name = 'default' order by v.number desc limit 1)`;

const ann = await person("ann");
const bob = await person("bob");
const mallory = await person("mallory");

const FLOWS = [
  "good",
  "other",
  "unsigned",
  "stranger",
  "storage",
  "boundary",
  "swapped",
  "version",
  "nightly",
] as const;

/** What is done to a run before an agent sees it, and what the agent says of it. */
type Crimes = Readonly<Record<string, { readonly run: () => Promise<string>; readonly why: string }>>;

async function evilStorage({ folder }: SignedStage): Promise<string> {
  const [evil] = await inspect(join(folder, "evil.ts"));
  return JSON.stringify(evil?.storage);
}

function crimesOnCode(stage: SignedStage): Crimes {
  const { register, start, tamper } = stage;
  return {
    unsigned: {
      run: async () => {
        await register("unsigned", null, word("unsigned"));
        return start("unsigned", null);
      },
      why: 'The code of flow "unsigned" in version 1 carries no signature',
    },
    "signed by a stranger": {
      run: async () => {
        await register("stranger", mallory, word("stranger"));
        return start("stranger", mallory);
      },
      why: "which the boundary policy does not trust",
    },
    "another entry": {
      run: async () => {
        await register("storage", ann, word("storage"));
        await tamper(`update flow_versions set storage = $2 where id = ${VERSION_OF}`, [
          "storage",
          await evilStorage(stage),
        ]);
        return start("storage", null);
      },
      why: "is not what ann signed",
    },
    "a milder boundary": {
      run: async () => {
        await register("boundary", ann, { ...word("boundary"), boundary: { log: "drop" } });
        await tamper(`update flow_versions set boundary = null where id = ${VERSION_OF}`, ["boundary"]);
        return start("boundary", null);
      },
      why: 'made milder after that: "drop" for the class "log"',
    },
  };
}

function crimesOfSwapping(stage: SignedStage): Crimes {
  const { register, start, tamper } = stage;
  const signatureOf = (flow: string) =>
    `(select v.signature from flow_versions v join flows f on f.id = v.flow_id where f.name = '${flow}' and v.number = 1 and v.signature is not null)`;
  return {
    "another flow's signature": {
      run: async () => {
        await register("swapped", null, word("swapped"));
        await tamper(`update flow_versions set signature = ${signatureOf("good")} where id = ${VERSION_OF}`, [
          "swapped",
        ]);
        return start("swapped", null);
      },
      why: 'came with the signature of flow "good"',
    },
    "another project's signature": {
      run: async () => {
        await tamper(
          `insert into projects (id, tenant_id, name) select gen_random_uuid(), tenant_id, 'q' from projects`,
        );
        await register("good", null, word("bad project"), "q");
        await tamper(
          `update flow_versions v set signature = ${signatureOf("good")} from flows f join projects p on p.id = f.project_id
           where f.id = v.flow_id and p.name = 'q'`,
        );
        return start("good", null, undefined, "q");
      },
      why: 'in project "default", and belongs to project "q"',
    },
    "an older version's signature": {
      run: async () => {
        await register("version", ann, word("version"));
        await register("version", null, { ...word("version"), storage: JSON.parse(await evilStorage(stage)) as never });
        await tamper(`update flow_versions set signature = ${signatureOf("version")} where id = ${VERSION_OF}`, [
          "version",
        ]);
        return start("version", null);
      },
      why: 'The code of flow "version" in version 2 is not what ann signed',
    },
  };
}

function crimesOnParameters({ start, tamper }: SignedStage): Crimes {
  return {
    "parameters that nobody signed": {
      run: () => start("good", null, { word: "bad unsigned" }),
      why: "carry no signature, and are not the defaults",
    },
    "parameters of a stranger": {
      run: () => start("good", mallory, { word: "bad stranger" }),
      why: "which the boundary policy does not trust",
    },
    "changed parameters": {
      run: async () => {
        const id = await start("good", ann, { word: "fine" });
        await tamper(`update flow_runs set parameters = '{"word":"bad change"}' where id = $1`, [id]);
        return id;
      },
      why: "are not those that ann signed",
    },
    "parameters that were signed for another flow": {
      run: async () => {
        const source = await start("other", ann, { word: "bad swap" });
        await tamper(`update flow_runs set scheduled_start_time = now() + interval '1 day' where id = $1`, [source]);
        const id = await start("good", null, { word: "bad swap" });
        const signature = `(select parameters_signature from flow_runs where id = $1)`;
        await tamper(`update flow_runs set parameters_signature = ${signature} where id = $2`, [source, id]);
        return id;
      },
      why: 'with the signature of a run of flow "other"',
    },
  };
}

/** Runs that the cloud plans for a schedule, made due now. */
async function planned({ cloud, tamper }: SignedStage, text: string, at: number): Promise<string> {
  let id: string | undefined;
  await eventually("a planned run", async () => {
    const sql = `select id from flow_runs where parameters->>'word' = $1 order by scheduled_start_time offset $2 limit 1`;
    const { rows } = await cloud.database.pool.query<{ id: string }>(sql, [text, at]);
    id = rows[0]?.id;
    return id !== undefined;
  });
  await tamper("update flow_runs set scheduled_start_time = now() where id = $1", [id]);
  return id ?? "";
}

function crimesOnSchedules(stage: SignedStage): Crimes {
  const { tamper } = stage;
  return {
    "changed parameters of a planned run": {
      run: async () => {
        const id = await planned(stage, "scheduled", 1);
        await tamper(`update flow_runs set parameters = '{"word":"bad plan"}' where id = $1`, [id]);
        return id;
      },
      why: 'are not those that were signed for its schedule "hourly"',
    },
    "a changed schedule": {
      run: async () => {
        // Other slots, so that the cloud plans runs of its own accord.
        const changed = `definition || '{"parameters":{"word":"bad schedule"},"clock":{"everySeconds":1800}}'`;
        await tamper(`update schedules set definition = ${changed}, planned_until = now(), plan_after = now()`);
        return planned(stage, "bad schedule", 0);
      },
      why: 'are not those that were signed for its schedule "hourly"',
    },
  };
}

const HOURLY = { name: "hourly", clock: { everySeconds: 3_600 }, zone: "UTC", parameters: { word: "scheduled" } };

test(
  "signed work runs; what was changed, swapped or never signed is refused before anything is started, and told why",
  { timeout: 120_000 },
  async () => {
    const stage = await setSignedStage({ "flows.ts": codeOf(...FLOWS), "evil.ts": EVIL });
    for (const flow of ["good", "other"]) await stage.register(flow, ann, word(flow));
    await stage.register("nightly", ann, { ...word("nightly"), schedules: [HOURLY] });
    const honest = [
      await stage.start("good", null),
      await stage.start("other", bob, { word: "given" }),
      await planned(stage, "scheduled", 0),
    ];
    const crimes: Crimes = {
      ...crimesOnCode(stage),
      ...crimesOfSwapping(stage),
      ...crimesOnParameters(stage),
      ...crimesOnSchedules(stage),
    };
    const runs = new Map<string, string>();
    for (const [crime, { run }] of Object.entries(crimes)) runs.set(crime, await run());
    const { lines } = await stage.startAgent({ trusts: [ann, bob] });
    for (const id of honest) expect((await stage.ended(id)).state).toBe("Success");
    for (const did of ["good", "given", "scheduled"]) expect(stage.ran(did), did).toBe(true);
    for (const [crime, { why }] of Object.entries(crimes)) {
      const end = await stage.ended(runs.get(crime) ?? "");
      expect([end.state, end.code], crime).toEqual(["Failed", "SIGNATURE_INVALID"]);
      expect(end.why, crime).toContain(why);
      expect(
        lines.some((text) => text.includes(why)),
        crime,
      ).toBe(true);
    }
    const never = ["evil", "unsigned", "stranger", "storage", "boundary", "swapped", "version", "fine", "nightly"];
    const bad = ["project", "unsigned", "stranger", "change", "swap", "plan", "schedule"].map((what) => `bad ${what}`);
    for (const what of [...never, ...bad]) expect(stage.ran(what), what).toBe(false);
  },
);

const FAILING = `${codeOf("good")}
export const failing = flow("failing", () => { throw new Error("as it was meant"); });
export const parent = flow("parent", async ({ word }: { word: string }) => {
  const { state } = await waitForFlowRun(await startFlowRun("good", { parameters: { word } }));
  mark(word + " " + state);
});
`;

async function endedOn(stage: SignedStage, trusts: Person[], revoked: Person[], work: () => Promise<string>) {
  const { agent } = await stage.startAgent({ trusts, revoked });
  const id = await work();
  const end = await stage.ended(id);
  await agent.stop("now");
  return { id, ...end };
}

test(
  "a key is rotated and then revoked: what it signed is refused, restarts too, until it is signed anew",
  { timeout: 60_000 },
  async () => {
    const stage = await setSignedStage({ "flows.ts": FAILING });
    for (const flow of ["good", "failing"]) await stage.register(flow, ann, word("rotated"));
    const before = await endedOn(stage, [ann, bob], [], () => stage.start("failing", null));
    expect(before).toMatchObject({ state: "Failed", why: "as it was meant", attempt: 1 });
    const restart = async () => {
      await stage.ask("mutation ($id: ID!) { restartFlowRun(id: $id) { __typename } }", { id: before.id });
      return before.id;
    };
    const revoked = "which the boundary policy has revoked";
    const restarted = await endedOn(stage, [ann, bob], [ann], restart);
    expect(restarted).toMatchObject({ code: "SIGNATURE_INVALID", attempt: 2 });
    expect(restarted.why).toContain(revoked);
    const old = await endedOn(stage, [ann, bob], [ann], () => stage.start("good", bob, { word: "too early" }));
    expect(old.why).toContain(revoked);
    await stage.register("good", bob, word("rotated"));
    const anew = await endedOn(stage, [bob], [ann], () => stage.start("good", null));
    expect(anew).toMatchObject({ state: "Success" });
    const byAnn = await endedOn(stage, [ann, bob], [ann], () => stage.start("good", ann, { word: "too late" }));
    expect(byAnn.why).toContain(revoked);
    expect(["rotated", "too early", "too late"].map((what) => stage.ran(what))).toEqual([true, false, false]);
  },
);

test("what a run starts is signed by its agent, and runs where that key is trusted", { timeout: 60_000 }, async () => {
  const stage = await setSignedStage({ "flows.ts": FAILING });
  const robot = await person("robot");
  for (const flow of ["good", "parent"]) await stage.register(flow, ann);
  const signing = await stage.startAgent({ trusts: [ann, robot], own: robot });
  expect((await stage.ended(await stage.start("parent", ann, { word: "child" }))).state).toBe("Success");
  await signing.agent.stop("now");
  await stage.startAgent({ trusts: [ann, robot] });
  const orphan = await stage.ended(await stage.start("parent", ann, { word: "orphan" }));
  expect([orphan.state, orphan.code]).toEqual(["Failed", "CHILD_RUN_FAILED"]);
  expect(["child Success", "child", "orphan"].map((what) => stage.ran(what))).toEqual([true, true, false]);
});
