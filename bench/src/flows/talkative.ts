import { flow, run, task } from "@weir/sdk";

/** As long a line as services write: 200 bytes. */
const DETAIL =
  "rows=1284 source=warehouse.orders window=2026-01-31T00:00:00Z/PT1H checksum=7f3a1c9e2b cache=miss ".repeat(2);

/** Keeps the processor for so long, as a task does that computes. */
function compute(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

const talk = task("talk", async (index: number, milliseconds: number) => {
  compute(milliseconds);
  for (let line = 0; line < 5; line += 1) run.log.info(`${index}.${line} ${DETAIL.slice(0, 190)}`);
  return index;
});

/** Tasks that each write five log lines, and compute for `milliseconds` before. */
export default flow("talkative", async ({ tasks, milliseconds }: { tasks: number; milliseconds: number }) => {
  await Promise.all(Array.from({ length: tasks }, (_, index) => talk(index, milliseconds)));
});
