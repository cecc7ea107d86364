import { writeFile } from "node:fs/promises";
import { flow, task } from "@weir/sdk";

/** The first thing that the task does is to look at the clock that all processes of a machine share. */
const stamp = task("stamp", async (file: string) => {
  const at = process.hrtime.bigint();
  await writeFile(file, String(at));
});

export default flow("stamp", async ({ file }: { readonly file: string }) => {
  await stamp(file);
});
