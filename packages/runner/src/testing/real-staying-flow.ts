import { appendFileSync } from "node:fs";
import { flow, run, task } from "@weir/sdk";

// A flow that leaves nothing behind: its process may serve one run after the other.

const square = task("square", async (n: number) => n * n);

let atEnd: string | undefined;
process.on("exit", () => atEnd !== undefined && appendFileSync(atEnd, `end of ${process.pid}\n`));

export default flow("staying", async ({ n, endFile }: { n: number; endFile?: string }) => {
  atEnd = endFile;
  run.log.info(`run ${n}`);
  run.log.info(`pid ${process.pid}`);
  await square.map([1, 2, 3].map((one) => one * n));
  console.log(`printed in ${n}`);
});
