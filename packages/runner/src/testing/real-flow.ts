import { setTimeout as sleep } from "node:timers/promises";
import { flow, run, task } from "@weir/sdk";

// A flow as a user would write it, run on the real SDK by the tests of the runner.

const square = task("square", (n: number) => n * n);

const wait = task("wait", async () => {
  await sleep(60_000, undefined, { signal: run.signal });
});

interface Wishes {
  readonly numbers: number[];
  readonly finale: "end" | "exit" | "throw" | "wait";
}

export default flow("real", async ({ numbers, finale }: Wishes) => {
  console.log("this went to stdout");
  const squares = await square.map(numbers);
  run.log.info(`sum ${squares.reduce((sum, n) => sum + n, 0)}`);
  if (finale === "exit") {
    // A turn later, so that what was emitted is on its way.
    await sleep(20);
    process.exit(0);
  }
  if (finale === "throw") {
    setTimeout(() => {
      throw new RangeError("thrown in a timer");
    });
    await wait();
  }
  if (finale === "wait") await wait();
  return squares.length;
});
