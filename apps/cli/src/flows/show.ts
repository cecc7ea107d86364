import type { Json } from "@weir/protocol";
import type { FlowDetails } from "../connection/flow-answers.ts";
import { withCloud } from "../connection/cloud.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { cleanLine } from "../terminal/clean.ts";
import { fit, pad } from "../terminal/width.ts";
import { findFlow } from "./find-flow.ts";

interface Options {
  readonly project: string;
  readonly json?: boolean;
}

/** `weir flows show FLOW` */
export async function show(io: Io, [name = ""]: readonly string[], { project, json }: Options): Promise<ExitCode> {
  const flow = await withCloud(io, (cloud) => findFlow(cloud, project, name));
  if (json) printDocument(io, { flow });
  else for (const text of flowLines(io, flow)) line(io, text);
  return EXIT.ok;
}

function flowLines(io: Io, flow: FlowDetails): string[] {
  const { currentVersion: version, settings, schedules } = flow;
  const fields: [string, string | null][] = [
    ["project", flow.project.name],
    ["about", flow.description],
    ["version", version === null ? "none: all are archived" : `${version.number}, of ${version.createdAt}`],
    ["signed", version === null ? null : version.signature === null ? "no" : "yes"],
    [
      "labels",
      told(settings?.labels ?? null, version?.labels.join(", ") ?? "", (labels) => labels.join(", ") || "none"),
    ],
    ["defaults", version === null ? null : compact(version.parameterDefaults)],
    ["  of settings", compact(settings?.parameterDefaults ?? null)],
    [
      "recoveries",
      settings?.maxRecoveries === undefined || settings.maxRecoveries === null
        ? null
        : `at most ${settings.maxRecoveries} (settings)`,
    ],
    [
      "back-off",
      typeof settings?.recoveryBackoffSeconds === "number" ? `${settings.recoveryBackoffSeconds} s (settings)` : null,
    ],
    ...schedules.map(({ name, active, next, zone }): [string, string] => [
      "schedule",
      `${name}, ${active ? `next ${next ?? "never"}` : "switched off"}, ${zone}`,
    ]),
  ];
  const shown = fields.filter((field): field is [string, string] => field[1] !== null && field[1] !== "");
  return [
    io.paint.bold(cleanLine(flow.name)),
    ...shown.map(([name, value]) => `  ${io.paint.dim(pad(name, 13))} ${fit(cleanLine(value), io.columns - 16)}`),
  ];
}

const told = <T>(own: T | null, versions: string, text: (own: T) => string): string =>
  own === null ? versions : `${text(own)} (settings)`;

const compact = (value: Json): string | null => (value === null ? null : JSON.stringify(value));
