// A flow with something to hide in every place where a value can stand. What it hides it reads from a file of the user's side, so that
// none of it stands in the source, in the parameters or in the registration.
import { readFileSync } from "node:fs";
import { flow, run, task, unmapped } from "@weir/sdk";

/** One text per channel, each told apart by its own random part. */
export interface Canaries {
  readonly input: string;
  readonly output: string;
  readonly mappedInput: string;
  readonly mappedOutput: string;
  readonly local: string;
  readonly retried: string;
  /** The agent knows this one as a secret from its environment; the flow writes it into its log and into an error. */
  readonly secret: string;
  readonly logLine: string;
  readonly failure: string;
  readonly cause: string;
}

type Parameters = {
  readonly canariesFile: string;
  readonly visible: string;
};

const canaries = () => JSON.parse(readFileSync((run.parameters as Parameters).canariesFile, "utf8")) as Canaries;

const produce = task("produce", () => ({ nested: [{ value: canaries().output }] }));

const consume = task("consume", (input: string, produced: { nested: { value: string }[] }) => {
  run.log.info(canaries().logLine);
  run.log.warn(`the password is ${canaries().secret}`);
  return input.length + produced.nested.length;
});

const each = task("each", (item: string, length: number) => ({ item: `${canaries().mappedOutput} ${item}`, length }));

const unsteady = task("unsteady", { retries: 2, retryDelay: "50ms" }, (input: string) => {
  if (run.tryNumber === 1) throw new Error("not at the first try");
  return { input };
});

const failing = task("failing", (input: string) => {
  const inThisFrame = { input, secretPlan: canaries().local };
  const cause = new Error(canaries().cause);
  if (inThisFrame.input !== "") throw new Error(`${canaries().failure} (${canaries().secret})`, { cause });
});

export default flow("canaries", async () => {
  const { input, mappedInput, retried, local } = canaries();
  const length = await consume(input, produce());
  await each.map([`${mappedInput} 0`, `${mappedInput} 1`], unmapped(length));
  await unsteady(retried);
  await failing(local);
});
