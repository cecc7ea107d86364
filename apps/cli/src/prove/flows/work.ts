// Tasks of the flow that succeeds.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { flow, kv, loopWith, run, secret, settle, skip, startFlowRun, task, waitForFlowRun } from "@weir/sdk";
import { encodings, planted } from "./planted.ts";

export const produce = task("produce", () => ({ nested: [{ value: planted("output") }] }));

export const consume = task(
  "consume",
  (input: string, produced: { nested: { value: string }[] }) => input.length + produced.nested.length,
);

export const each = task("each", (item: string) => ({ item: `${planted("mappedOutput")} ${item}` }));

export const cached = task(
  "cached",
  { cacheFor: "1h", cacheKey: planted("cacheKey"), cacheValidator: "allInputs" },
  (input: string) => input.length,
);

export const unsteady = task("unsteady", { retries: 2, retryDelay: "10ms" }, (input: string) => {
  if (run.tryNumber === 1) throw new Error("not at the first try");
  return { input };
});

/** More of them at once than the limit of their tag allows: some are Queued. */
export const queued = task("queued", { tags: [planted("tag")] }, async (input: string) => {
  await new Promise((done) => setTimeout(done, 50));
  return input.length;
});

export const turning = task("turning", () => {
  if (run.loop.count < 2) throw loopWith({ turn: run.loop.count, value: planted("loopValue") });
  return run.loop.count;
});

export const named = task("named", { runName: "{inputs.0} / {inputs.1}" }, (...names: string[]) => names.length);

export const skipped = task("skipped", () => {
  throw skip(planted("signalMessage"));
});

export const reading = task("reading", () => {
  const text = readFileSync(join(import.meta.dirname, "..", planted("fileName")), "utf8");
  return { text, variable: process.env["PROOF_VARIABLE"] };
});

export const logging = task("logging", () => {
  run.log.info(planted("logLine"));
  run.log.debug(planted("debugLine"));
  run.log.info(`order of customer ${planted("patternLine")}, paid`);
  console.log(planted("consoleLine"));
  console.error(planted("stderrLine"));
  run.log.error("%s and %s", process.env["PROOF_TOKEN"], process.env["PROOF_DATABASE"]);
  for (const token of planted("secretToken").split("\n")) run.log.warn(`curl -H "authorization: Bearer ${token}"`);
});

const LINE = 64 * 1024;

export const hiding = task("hiding", async () => {
  for (const name of ["Log", "Stdout", "Lines", "Chunks", "Folded", "Cut", "Artifact", "RunName"])
    await secret(`HIDDEN_${name.toUpperCase()}`);
  for (const text of encodings(planted("secretLog"))) run.log.info(`before ${text} after`);
  for (const text of encodings(planted("secretStdout"))) console.log(`before ${text} after`);
  console.log(planted("secretLines"));
  run.log.info(planted("secretLines"));
  const cut = planted("secretCut");
  console.log(`${"-".repeat(LINE - cut.length / 2)}${cut}`);
  run.log.info(`${"-".repeat(LINE - cut.length / 2)}${cut}`);
  const folded = planted("secretFolded");
  console.log(`${folded.slice(0, folded.length / 2)}\n${folded.slice(folded.length / 2)}`);
  await inTwoPieces(planted("secretChunks"));
  console.log("x".repeat(Number(planted("agentLine"))));
});

/** The pipe is read between the two. */
async function inTwoPieces(text: string): Promise<void> {
  process.stdout.write(`before ${text.slice(0, text.length / 2)}`);
  await new Promise((done) => setTimeout(done, 100));
  process.stdout.write(`${text.slice(text.length / 2)} after\n`);
}

export const showing = task("showing", async () => {
  const hidden = encodings(planted("secretArtifact"));
  run.artifact.link("link", { url: `https://example.org/${planted("artifactLink")}`, text: hidden.at(0) ?? "" });
  run.artifact.markdown("markdown", `# ${planted("artifactMarkdown")}\n${hidden.join("\n")}`);
  run.artifact.table("table", [{ value: planted("artifactTable") }, ...hidden.map((value) => ({ value }))]);
});

export const keeping = task("keeping", async () => {
  const [key, value] = [`proof ${run.flowRunId}`, planted("kvValue")];
  // A policy that drops parameters lets none be written.
  const version = await kv.set(key, value).catch((error: Error) => run.log.info(error.message));
  const entry = await kv.entry(key);
  if (version !== undefined && entry?.value !== value) throw new Error("what was read is not what was written");
});

export const inner = flow("inner", async (given: { readonly value: string }) => given.value.length);

export const child = flow("child", async (given: { readonly value?: string }) => given.value?.length ?? 0);

export async function startChild(): Promise<void> {
  const parameters = { value: planted("childParameter") };
  // A policy that drops parameters lets none be given to a run either.
  const { state } = await settle(startFlowRun("child", { parameters }));
  if (state !== "Success") run.log.info("the child run was refused");
  await waitForFlowRun(startFlowRun("child"));
}
