import { type Cloud, withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { readVersions, versionOf } from "./find-flow.ts";

interface Options {
  readonly project: string;
  readonly json?: boolean;
}

/** `weir flows archive FLOW NUMBER` */
export function archive(io: Io, args: readonly string[], options: Options): Promise<ExitCode> {
  return change(io, args, options, "ArchiveFlowVersion");
}

/** `weir flows unarchive FLOW NUMBER` */
export function unarchive(io: Io, args: readonly string[], options: Options): Promise<ExitCode> {
  return change(io, args, options, "UnarchiveFlowVersion");
}

async function change(
  io: Io,
  [name = "", number = ""]: readonly string[],
  { project, json }: Options,
  operation: "ArchiveFlowVersion" | "UnarchiveFlowVersion",
): Promise<ExitCode> {
  const flowVersion = await withCloud(io, async (cloud: Cloud) => {
    const { id } = versionOf(await readVersions(cloud, project, name), name, Number(number));
    return (await cloud.change(operation, { id })).flowVersion;
  });
  if (json) {
    printDocument(io, { flowVersion });
    return EXIT.ok;
  }
  const { currentVersion } = flowVersion.flow;
  const next =
    currentVersion === null
      ? "No version is left: nothing of it begins."
      : `Version ${currentVersion.number} runs next.`;
  line(io, `Version ${number} of ${name} is ${flowVersion.archivedAt === null ? "kept again" : "archived"}. ${next}`);
  return EXIT.ok;
}
