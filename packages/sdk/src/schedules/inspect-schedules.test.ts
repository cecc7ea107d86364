import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, test } from "vitest";
import type { Inspection } from "../inspect/inspect.ts";
import { flowDirectory } from "../testing/flow-directory.ts";

const MAIN = join(import.meta.dirname, "../inspect/main.ts");

/** Inspects a flow with these schedules as the CLI does: in a process of its own, the document on file descriptor 3. */
async function inspect(schedules: string): Promise<Inspection> {
  const code = `import { flow } from "@weir/sdk";
    import { cron, every } from "@weir/sdk/schedules";
    export default flow("report", { schedules: ${schedules} }, () => 1);`;
  const directory = flowDirectory({ "package.json": '{"type":"module"}', "report.ts": code });
  const child = spawn(process.execPath, [MAIN, join(directory, "report.ts")], {
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const [document, errors] = await Promise.all([text(child.stdio[3] as Readable), text(child.stdio[2] as Readable)]);
  if (document === "") throw new Error(errors);
  return JSON.parse(document) as Inspection;
}

test("schedules are part of a flow's registration", async () => {
  const found = await inspect(`[cron("0 6 * * 1-5", { zone: "Europe/Berlin", parameters: { top: 5 } }), every("1d")]`);
  if (!found.ok) throw new Error(found.problem);
  expect(found.flows[0]?.schedules).toEqual([
    { name: "cron", clock: { cron: "0 6 * * 1-5" }, zone: "Europe/Berlin", parameters: { top: 5 } },
    { name: "every", clock: { everySeconds: 86_400 }, zone: "UTC" },
  ]);
  const none = await inspect("[]");
  expect(none.ok && none.flows[0]).not.toHaveProperty("schedules");
});

test("a schedule that makes no sense is the sentence that inspection tells", async () => {
  expect(await inspect(`[cron("0 25 * * *")]`)).toEqual({
    ok: false,
    problem: expect.stringMatching(
      /report\.ts.*The schedule "cron" cannot be used: .*hour "25" is not within 0 to 23/s,
    ),
  });
});
