import type { Json } from "@weir/protocol";
import type { Connection, Result } from "./answers.ts";

interface NamedProject {
  readonly project: { readonly name: string };
}

export interface ListedFlow extends NamedProject {
  readonly name: string;
  readonly description: string | null;
  readonly currentVersion: { readonly number: number; readonly createdAt: string } | null;
}

/** What people say about a flow beside its code. Null: as the version, or the cloud, has it. */
export interface FlowSettings {
  readonly description: string | null;
  readonly parameterDefaults: Json;
  readonly labels: readonly string[] | null;
  readonly maxRecoveries: number | null;
  readonly recoveryBackoffSeconds: number | null;
}

export interface FlowDetails extends NamedProject {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly createdAt: string;
  readonly settings: FlowSettings | null;
  readonly schedules: readonly {
    readonly name: string;
    readonly active: boolean;
    readonly next: string | null;
    readonly zone: string;
  }[];
  /** Null: all are archived. */
  readonly currentVersion: {
    readonly id: string;
    readonly number: number;
    readonly createdAt: string;
    readonly labels: readonly string[];
    readonly parameterSchema: Json;
    readonly parameterDefaults: Json;
    readonly boundary: Json;
    readonly signature: string | null;
    readonly contentDigest: string;
  } | null;
}

export interface FlowVersion {
  readonly id: string;
  readonly number: number;
  readonly description: string | null;
  readonly contentDigest: string;
  readonly createdAt: string;
  readonly archivedAt: string | null;
}

export interface VersionChange {
  readonly part: string;
  readonly kind: "added" | "removed" | "changed";
  /** Null: the part as a whole. */
  readonly name: string | null;
  readonly before: Json;
  readonly after: Json;
}

export interface VersionDiff {
  readonly fromNumber: number;
  readonly toNumber: number;
  readonly changes: readonly VersionChange[];
  readonly parameterChanges: readonly VersionChange[] | null;
}

export interface KvEntry {
  readonly key: string;
  readonly value: Json;
  readonly version: number;
  readonly updatedAt: string;
  readonly updatedBy: string;
}

type Archived = Result<{
  flowVersion: { number: number; archivedAt: string | null; flow: { currentVersion: { number: number } | null } };
}>;

/** Data of the operations of FLOW_DOCUMENTS. */
export interface FlowAnswers {
  Flows: { flows: Connection<ListedFlow> };
  FlowDetails: { flow: FlowDetails | null };
  FlowVersions: { flow: { currentVersion: { number: number } | null; versions: Connection<FlowVersion> } | null };
  FlowVersionDiff: { flow: { version: { diff: VersionDiff | null } | null } | null };
  ArchiveFlowVersion: { result: Archived };
  UnarchiveFlowVersion: { result: Archived };
  DeleteFlow: { result: Result<{ name: string; done: boolean; runs: number }> };
  MoveFlow: {
    result: Result<{ flow: NamedProject & { name: string; currentVersion: { signature: string | null } | null } }>;
  };
  SetFlowSettings: { result: Result<{ flow: { name: string; settings: FlowSettings } }> };
  ResetFlowDefaults: { result: Result<{ flow: { name: string; settings: FlowSettings } }> };
  Kv: { kv: KvEntry | null };
  KvEntries: { kvEntries: Connection<KvEntry> };
  SetKv: { result: Result<{ key: string; version: number }> };
  DeleteKv: { result: Result<{ key: string }> };
}
