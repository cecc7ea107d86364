import { flow, run, task } from "@weir/sdk";

/** As long a line as services write: 200 bytes. */
const DETAIL =
  "rows=1284 source=warehouse.orders window=2026-01-31T00:00:00Z/PT1H checksum=7f3a1c9e2b cache=miss ".repeat(2);

const talk = task("talk", async (index: number) => {
  for (let line = 0; line < 5; line += 1) run.log.info(`${index}.${line} ${DETAIL.slice(0, 190)}`);
  return index;
});

/** Tasks that each write five log lines. */
export default flow("talkative", async ({ tasks }: { tasks: number }) => {
  await Promise.all(Array.from({ length: tasks }, (_, index) => talk(index)));
});
