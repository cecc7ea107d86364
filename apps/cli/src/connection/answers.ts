import type {
  ArtifactKind,
  AuditEntry,
  AuditHead,
  Failure,
  Json,
  LogLevel,
  RefusalCode,
  SealKey,
  StateName,
} from "@weir/protocol";
import type { ControlAnswers, Pause } from "./control-answers.ts";
import type { FlowAnswers } from "./flow-answers.ts";

// The shapes that the documents of `documents.ts` ask for. Times are ISO 8601.

/** One row of a flow run's history. */
export interface RunState {
  readonly version: number;
  readonly attempt: number;
  readonly state: StateName;
  readonly at: string;
  readonly message: string | null;
  readonly failure: Failure | null;
}

/** A flow run, without what belongs to it in numbers. */
export interface RunHead {
  readonly id: string;
  readonly name: string;
  readonly state: StateName;
  readonly stateVersion: number;
  readonly message: string | null;
  readonly failure: Failure | null;
  readonly attempt: number;
  readonly recoveries: number;
  readonly createdAt: string;
  readonly scheduledStartTime: string;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly flow: { readonly name: string; readonly project: { readonly name: string } };
  readonly flowVersion: { readonly number: number };
  readonly agent: { readonly name: string } | null;
}

export interface TaskRun {
  readonly number: number;
  readonly task: string;
  readonly name: string | null;
  readonly ordinal: number;
  readonly mapIndex: number | null;
  readonly parent: number | null;
  readonly state: StateName;
  readonly tryNumber: number;
  readonly attempt: number;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly startTime: string | null;
  readonly location: string | null;
  readonly resultBytes: number | null;
  readonly mapCount: number | null;
  readonly message: string | null;
  readonly failure: Failure | null;
  readonly approvedAt: string | null;
}

export interface LogLine {
  readonly attempt: number;
  readonly number: number;
  readonly at: string;
  readonly level: LogLevel;
  readonly text: string;
  readonly logger: string;
  readonly taskRunNumber: number | null;
}

export interface Artifact {
  readonly name: string;
  readonly kind: ArtifactKind;
  readonly data: Json;
  readonly at: string;
  readonly taskRunNumber: number | null;
}

/** What one table of the cloud holds about a run. */
export interface Holding {
  readonly table: string;
  readonly rows: number;
  readonly sample: readonly Readonly<Record<string, Json>>[];
}

export interface RunDetails extends RunHead {
  readonly states: readonly RunState[];
  readonly parameters: Json;
  readonly labels: readonly string[];
  readonly idempotencyKey: string | null;
  /** A person wants it to pause, or has paused it. */
  readonly pauseAsked: boolean;
  readonly artifacts: readonly Artifact[];
  /** Its task runs, logs and artifacts were dropped: it is older than the cloud keeps them. */
  readonly isForgotten: boolean;
  /** Why it waits; null when it does not. */
  readonly waiting: { readonly reason: string; readonly sentence: string; readonly command: string | null } | null;
}

export interface RunUpdate {
  readonly after: string;
  readonly flowRun: RunHead & { readonly states: readonly RunState[] };
  readonly taskRuns: readonly TaskRun[];
  readonly logs: readonly LogLine[];
}

/** Wrapped keys of what is sealed in a run. */
export interface Sealed {
  readonly sealKeys: readonly SealKey[];
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly scope: "user" | "agent";
  readonly createdAt: string;
  readonly expiresAt: string | null;
  readonly lastUsedAt: string | null;
  /** Network of the last use. */
  readonly lastUsedFrom: string | null;
  readonly revokedAt: string | null;
  readonly role: string | null;
  readonly permissions: readonly string[];
  readonly allowedAddresses: readonly string[];
  readonly serviceAccount: { readonly name: string } | null;
  /** The key that it was rotated to. */
  readonly replacedBy: string | null;
}

/** A key that was made just now, and what is told of it. */
interface MadeKey {
  readonly key: string;
  readonly apiKey: Pick<ApiKey, "id" | "name" | "scope" | "createdAt" | "expiresAt">;
}

export interface RegisteredFlow {
  readonly name: string;
  readonly project: { readonly name: string };
  readonly currentVersion: {
    readonly number: number;
    readonly tasks: Json;
    readonly parameterSchema: Json;
    readonly parameterDefaults: Json;
    /** What the flow asks of the gate. */
    readonly boundary: Json;
    readonly storage: Json;
    readonly sdkVersion: string;
    readonly contentDigest: string;
  } | null;
}

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly labels: readonly string[];
  readonly online: boolean;
  readonly pause: Pause | null;
}

/** How many task runs with a tag may run at once, and who they are. */
export interface TaskLimit {
  readonly tag: string;
  readonly slots: number;
  readonly held: number;
  readonly waiting: number;
  /** Those that hold a slot, then those that wait; the first hundred. */
  readonly taskSlots: readonly TaskSlot[];
}

export interface TaskSlot {
  readonly flowRunId: string;
  readonly flowRunName: string;
  readonly taskRunNumber: number;
  readonly task: string | null;
  readonly askedAt: string;
  /** Null: it waits. */
  readonly grantedAt: string | null;
}

/** A page of a Relay connection. */
export interface Connection<T> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: T }[];
}

/** What a mutation answers. */
export type Result<T> =
  | ({ readonly __typename: string } & T)
  | { readonly __typename: "Refusal"; readonly code: RefusalCode; readonly message: string };

/** Data of each operation. */
export interface Answers extends FlowAnswers, ControlAnswers {
  AuditHead: { auditHead: AuditHead };
  AuditLog: { auditLog: Connection<AuditEntry> };
  AuditLogFromStart: {
    auditLog: {
      readonly pageInfo: { readonly startCursor: string | null };
      readonly edges: readonly { readonly node: AuditEntry }[];
    };
  };
  Viewer: { viewer: { scope: string; tenant: { name: string } } };
  CreateProject: { result: Result<{ project: { id: string; name: string } }> };
  RegisterFlow: {
    result: Result<{
      created: boolean;
      flowVersion: { id: string; number: number; flow: { id: string; name: string } };
    }>;
  };
  CreateFlowRun: { result: Result<{ created: boolean; flowRun: { id: string; name: string; state: StateName } }> };
  CancelFlowRun: { result: Result<{ flowRun: { id: string; name: string; state: StateName; attempt: number } }> };
  RestartFlowRun: { result: Result<{ flowRun: { id: string; name: string; state: StateName; attempt: number } }> };
  PauseFlowRun: { result: Result<{ flowRun: { id: string; name: string; state: StateName; attempt: number } }> };
  ResumeFlowRun: { result: Result<{ flowRun: { id: string; name: string; state: StateName; attempt: number } }> };
  ApproveTaskRun: {
    result: Result<{
      flowRun: { id: string; name: string; state: StateName; attempt: number; pauseAsked: boolean };
    }>;
  };
  FlowRun: {
    flowRun: (Omit<RunDetails, "artifacts"> & { artifacts: RunDetails["artifacts"] | null } & Sealed) | null;
  };
  FlowRunHoldings: { flowRun: { holdings: readonly Holding[] } | null };
  FlowRunTaskRuns: { flowRun: ({ taskRuns: Connection<TaskRun> } & Sealed) | null };
  FlowRunLogs: { flowRun: ({ isForgotten: boolean; logs: Connection<LogLine> } & Sealed) | null };
  FlowRunUpdates: { flowRunUpdates: RunUpdate & { readonly flowRun: Sealed } };
  FlowRuns: { flowRuns: Connection<RunHead & Sealed> };
  Agents: { agents: Connection<Agent> };
  Flow: { flow: RegisteredFlow | null };
  CreateApiKey: { result: Result<MadeKey> };
  RotateApiKey: { result: Result<MadeKey> };
  ServiceAccounts: { serviceAccounts: Connection<{ readonly id: string; readonly name: string }> };
  CreateServiceAccount: { result: Result<{ serviceAccount: { readonly id: string } }> };
  ApiKeys: { apiKeys: Connection<ApiKey> };
  RevokeApiKey: { result: Result<{ apiKey: Pick<ApiKey, "id" | "name" | "scope" | "revokedAt"> }> };
  TaskLimits: { taskLimits: Connection<TaskLimit> };
  SetTaskLimit: { result: Result<{ taskLimit: Omit<TaskLimit, "taskSlots"> | null }> };
  DeleteTaskLimit: { result: Result<{ tag: string }> };
}
