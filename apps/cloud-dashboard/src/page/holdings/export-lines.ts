import { ask } from "../cloud/ask.ts";
import { ExportFlows, ExportKv, ExportRun, ExportRuns, ExportVersions } from "../generated/operations.ts";
import { type Patience, patiently } from "./patiently.ts";

/** One line of an export: what it is of, and what the cloud holds of it. */
export interface ExportLine {
  readonly kind: "flow" | "flow-version" | "kv" | "flow-run";
  readonly [name: string]: unknown;
}

interface List<Node> {
  readonly nodes: readonly Node[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

/** The rows of a list of the cloud, page after page. */
export async function* rowsOf<Node>(
  read: (after: string | null) => Promise<List<Node> | undefined>,
  patience: Patience,
): AsyncGenerator<Node> {
  let after: string | null = null;
  for (;;) {
    const position: string | null = after;
    const list: List<Node> | undefined = await patiently(() => read(position), patience);
    yield* list?.nodes ?? [];
    if (list?.pageInfo.hasNextPage !== true || patience.signal.aborted) return;
    after = list.pageInfo.endCursor;
  }
}

/**
 * All that the cloud holds of the tenant's flows, values and runs, a thing at a time: what is sealed stays sealed.
 * @throws Refused the viewer may not see some of it
 */
export async function* exportLines(patience: Patience): AsyncGenerator<ExportLine> {
  const how = { signal: patience.signal };
  const flows = rowsOf(async (after) => (await ask(ExportFlows, { after }, how)).flows, patience);
  for await (const flow of flows) {
    yield { kind: "flow", ...flow };
    const { id: flowId } = flow;
    const versions = rowsOf(
      async (after) => (await ask(ExportVersions, { flowId, after }, how)).flowById?.versions,
      patience,
    );
    for await (const version of versions) yield { kind: "flow-version", flowId, ...version };
  }
  const entries = rowsOf(async (after) => (await ask(ExportKv, { after }, how)).kvEntries, patience);
  for await (const entry of entries) yield { kind: "kv", ...entry };
  const runs = rowsOf(async (after) => (await ask(ExportRuns, { after }, how)).flowRuns, patience);
  for await (const { id } of runs) {
    const { flowRun } = await patiently(() => ask(ExportRun, { id }, how), patience);
    if (flowRun !== null) yield { kind: "flow-run", ...flowRun };
  }
}
