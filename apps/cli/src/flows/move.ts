import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { findFlow } from "./find-flow.ts";

interface Options {
  readonly project: string;
  readonly json?: boolean;
}

/** `weir flows move FLOW PROJECT` */
export async function move(
  io: Io,
  [name = "", to = ""]: readonly string[],
  { project, json }: Options,
): Promise<ExitCode> {
  const flow = await withCloud(io, async (cloud) => {
    const { id } = await findFlow(cloud, project, name);
    return (await cloud.change("MoveFlow", { input: { id, project: to } })).flow;
  });
  if (json) {
    printDocument(io, { flow });
    return EXIT.ok;
  }
  line(io, `${name} is in the project ${flow.project.name} now, with its versions and runs.`);
  if (typeof flow.currentVersion?.signature === "string")
    io.err(
      `${io.paint.yellow(`Its signature says ${project}: register it there with --sign, or agents with trusted signers refuse its runs.`)}\n`,
    );
  return EXIT.ok;
}
