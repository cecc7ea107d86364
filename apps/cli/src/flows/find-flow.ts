import { CliError } from "../cli-error.ts";
import type { FlowDetails, FlowVersion } from "../connection/flow-answers.ts";
import { allPages, type Cloud } from "../connection/cloud.ts";
import { EXIT } from "../exit-codes.ts";

/** A flow by name. @throws CliError with exit code 4 when there is none */
export async function findFlow(cloud: Cloud, project: string, name: string): Promise<FlowDetails> {
  const { flow } = await cloud.ask("FlowDetails", { project, name });
  if (flow === null) throw noFlow(project, name);
  return await cloud.reader.open([], flow);
}

/** All versions of a flow, newest first. @throws CliError with exit code 4 when there is none */
export async function readVersions(cloud: Cloud, project: string, name: string): Promise<FlowVersion[]> {
  return await allPages(async (page) => {
    const { flow } = await cloud.ask("FlowVersions", { project, name, ...page });
    if (flow === null) throw noFlow(project, name);
    return flow.versions;
  });
}

/** The version of a number. @throws CliError with exit code 4 naming those that there are */
export function versionOf(versions: readonly FlowVersion[], name: string, number: number): FlowVersion {
  const found = versions.find((version) => version.number === number);
  if (found !== undefined) return found;
  const newest = versions[0]?.number ?? 0;
  const message = `The flow ${JSON.stringify(name)} has no version ${number}; it has 1 to ${newest}, as \`weir flows versions\` shows them.`;
  throw new CliError(EXIT.notFound, "NOT_FOUND", message);
}

function noFlow(project: string, name: string): CliError {
  const message = `There is no flow ${JSON.stringify(name)} in the project ${JSON.stringify(project)}; \`weir flows list\` shows those that there are.`;
  return new CliError(EXIT.notFound, "NOT_FOUND", message);
}
