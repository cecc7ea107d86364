import { API_VERSION, API_VERSION_HEADER, Refusal } from "@weir/protocol";

/**
 * The cloud serves this version of the line and the one before. A newer agent is let in: it knows what this version lacks.
 * @throws Refusal AGENT_TOO_OLD naming both versions
 */
export function assertSpoken(header: string | string[] | undefined, serves: number = API_VERSION): void {
  if (header === undefined) return;
  const version = Number(header);
  if (!Number.isInteger(version)) {
    throw new Refusal("INVALID", `The header ${API_VERSION_HEADER} must be a whole number.`);
  }
  if (version >= serves - 1) return;
  throw new Refusal(
    "AGENT_TOO_OLD",
    `This agent speaks version ${version} of the line, but this cloud serves versions ${serves - 1} and ${serves}. Update the agent's packages.`,
  );
}
