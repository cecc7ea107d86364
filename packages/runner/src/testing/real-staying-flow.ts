import { flow, run, task } from "@weir/sdk";

// A flow that leaves nothing behind: its process may serve one run after the other.

const square = task("square", async (n: number) => n * n);

export default flow("staying", async ({ n }: { n: number }) => {
  run.log.info(`run ${n}`);
  run.log.info(`pid ${process.pid}`);
  await square.map([1, 2, 3].map((one) => one * n));
  console.log(`printed in ${n}`);
});
