/** Sealing for programs that start runs themselves, through GraphQL. Needs JOSE, which flows and tasks do not. */
import { readFile } from "node:fs/promises";
import type { Json, SealedJson } from "@weir/protocol";
import { readTrust, SealError, sealParameters as sealFor } from "@weir/protocol/seal";

export type { SealedJson } from "@weir/protocol";
export { SealError, type SealErrorCode } from "@weir/protocol/seal";

/**
 * Seals the parameters of a run, so that the cloud keeps what only the agents and the readers of a trust file can open. Hand what comes back to
 * `createFlowRun` as `parameters`. Nobody but the flow itself checks them against its schema.
 * @param trust path of a trust file (`weir trust export` writes it), or what stands in one. Never a key that a cloud gave.
 * @throws SealError TRUST_INVALID or KEY_INVALID, a sentence for people
 * @example
 * const parameters = await sealParameters({ day: "2026-01-31" }, "weir.trust.json");
 * await graphql(CREATE_FLOW_RUN, { input: { project: "default", flow: "report", parameters } });
 */
export async function sealParameters(
  parameters: Readonly<Record<string, Json>>,
  trust: string | object,
): Promise<SealedJson> {
  return typeof trust === "string"
    ? await sealFor(parameters, await readTrust(await contentOf(trust), trust))
    : await sealFor(parameters, await readTrust(trust));
}

async function contentOf(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8")) as unknown;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === undefined ? "is no JSON" : `cannot be read (${code})`;
    throw new SealError("TRUST_INVALID", `${file} ${why}. \`weir trust export\` writes a trust file.`, {
      cause: error,
    });
  }
}
