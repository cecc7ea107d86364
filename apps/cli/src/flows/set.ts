import { decide } from "@weir/gate";
import type { BoundaryClasses, Json } from "@weir/protocol";
import { CliError } from "../cli-error.ts";
import { withCloud } from "../connection/cloud.ts";
import type { FlowDetails } from "../connection/flow-answers.ts";
import { ownPolicy } from "../connection/own-boundary.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { findFlow } from "./find-flow.ts";
import { readParameters } from "./parameters.ts";

interface Options {
  readonly project: string;
  readonly description?: string;
  readonly param?: readonly string[];
  readonly label?: readonly string[];
  readonly maxRecoveries?: number;
  readonly recoveryBackoff?: number;
  readonly reset?: readonly string[];
  readonly json?: boolean;
}

/** Settings that `--reset` knows, by the names of their options. */
const RESETS = {
  description: { description: null },
  label: { labels: null },
  "max-recoveries": { maxRecoveries: null },
  "recovery-backoff": { recoveryBackoffSeconds: null },
} as const;
/** Defaults are given back by an operation of their own, which carries no parameters. */
const RESET_DEFAULTS = "param";

/** `weir flows set FLOW` */
export async function set(io: Io, [flow = ""]: readonly string[], options: Options): Promise<ExitCode> {
  const { project, reset = [] } = options;
  const defaults = await readParameters(io, { param: options.param });
  const patch = patchOf(options, defaults);
  const resetsDefaults = reset.includes(RESET_DEFAULTS);
  if (Object.keys(patch).length === 0 && !resetsDefaults)
    throw new CliError(
      EXIT.usage,
      "NOTHING_TO_SET",
      "Nothing is to be set. Name a setting, such as --max-recoveries 2; --help lists them.",
    );
  const settings = await withCloud(io, async (cloud) => {
    if (Object.keys(defaults).length > 0) await requirePlain(io, await findFlow(cloud, project, flow));
    const given = resetsDefaults ? await cloud.change("ResetFlowDefaults", { project, flow }) : null;
    if (Object.keys(patch).length === 0 && given !== null) return given.flow.settings;
    return (await cloud.change("SetFlowSettings", { input: { project, flow, ...patch } })).flow.settings;
  });
  if (options.json) printDocument(io, { settings });
  else
    line(
      io,
      `The settings of ${flow} are changed; weir flows show ${flow} shows them. Runs that begin from now on have them.`,
    );
  return EXIT.ok;
}

function patchOf(options: Options, defaults: Readonly<Record<string, Json>>) {
  const { description, label, maxRecoveries, recoveryBackoff, reset = [] } = options;
  const resets = reset.map((name) => (name in RESETS ? RESETS[name as keyof typeof RESETS] : {}));
  return {
    ...Object.assign({}, ...resets),
    ...(description === undefined ? {} : { description }),
    ...(label === undefined ? {} : { labels: [...label] }),
    ...(maxRecoveries === undefined ? {} : { maxRecoveries }),
    ...(recoveryBackoff === undefined ? {} : { recoveryBackoffSeconds: recoveryBackoff }),
    ...(Object.keys(defaults).length === 0 ? {} : { parameterDefaults: defaults }),
  };
}

/** The gate knows the policy file; what the flow itself asks is known here. */
async function requirePlain(io: Io, { name, project, currentVersion }: FlowDetails): Promise<void> {
  const boundary = (currentVersion?.boundary ?? undefined) as BoundaryClasses | undefined;
  const action = decide(await ownPolicy(io), "parameter", { project: project.name, flow: name }, [boundary]);
  if (action === "send") return;
  throw new CliError(
    EXIT.usage,
    "PARAMETERS_HIDDEN",
    `The parameters of the flow ${JSON.stringify(name)} are not for the cloud (parameter: ${action}), and it would have to join default parameters of the settings with what is given. Nothing was sent. Put them into the flow's code.`,
  );
}
