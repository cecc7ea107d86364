import { flow, task } from "@weir/sdk";

// Measures the engine in memory, in a process of its own: `node measure.ts <what> <count>` prints one JSON number.
// No cloud, no journal, no store: what is left is what Weir itself adds to a function call.

const increment = task("increment", async (n: number) => n + 1);
const plain = async (n: number): Promise<number> => n + 1;

const inARow = flow("in-a-row", async ({ count }: { count: number }) => {
  let n = 0;
  for (let index = 0; index < count; index += 1) n = await increment(n);
  return n;
});

const mapped = flow("mapped", async ({ count }: { count: number }) => {
  const all = await increment.map(Array.from({ length: count }, (_, index) => index));
  return all.length;
});

async function plainRow(count: number): Promise<void> {
  let n = 0;
  for (let index = 0; index < count; index += 1) n = await plain(n);
  if (n !== count) throw new Error("the plain loop went wrong");
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Highest resident memory of the process so far, MiB. */
const peakMiB = (): number => process.resourceUsage().maxRSS / 1024;

const measures: Readonly<Record<string, (count: number) => Promise<number>>> = {
  "task-us": async (count) => {
    await inARow({ count: Math.ceil(count / 10) });
    return ((await elapsed(() => inARow({ count }))) * 1000) / count;
  },
  "plain-us": async (count) => {
    await plainRow(count);
    return ((await elapsed(() => plainRow(count))) * 1000) / count;
  },
  "map-ms": async (count) => await elapsed(() => mapped({ count })),
  "plain-map-ms": async (count) =>
    await elapsed(() => Promise.all(Array.from({ length: count }, (_, index) => plain(index)))),
  "map-mib": async (count) => {
    await mapped({ count });
    return peakMiB();
  },
  "import-mib": async () => peakMiB(),
};

const [, , what = "", count = "0"] = process.argv;
const measure = measures[what];
if (measure === undefined) throw new Error(`There is no measure ${what}.`);
console.log(JSON.stringify(await measure(Number(count))));
