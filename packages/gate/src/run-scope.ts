import type {
  BoundaryRequest,
  CachedReply,
  ClaimedRun,
  FlowStorage,
  KvGetReply,
  LogEvent,
  OutcomeReply,
  RunEvent,
} from "@weir/protocol";

/** What the gate must know of a run to decide about its data. Plain JSON, so that the journal can keep it. */
export interface RunFacts {
  readonly runId: string;
  readonly attempt: number;
  readonly project: string;
  readonly flow: string;
  /** What flow and starter ask beyond the policy file. */
  readonly requests: readonly BoundaryRequest[];
  /** Names of task runs that an earlier attempt declared, by number. */
  readonly tasks?: Readonly<Record<string, string>>;
}

/** A claimed run whose sealed and pseudonymous parts are plain again. */
export type OpenedRun = Omit<ClaimedRun, "storage"> & { readonly storage: FlowStorage };

/**
 * The gate's memory of one run in hand: what is decided about its data, its content key, the names of its task runs. Made by
 * `gate.openRun`, and given to `gate.pass` with each message of the run.
 */
export interface RunScope {
  /** What a successor needs to make the same scope again. Changes with `tighten`. */
  readonly facts: RunFacts;
  /**
   * What of these events is to be recorded at all: log lines and artifacts that the policy drops, lines below its level or that the user's
   * filter does not want are left out, and the user's formatter is applied. Asked once, before events are numbered.
   */
  admit(events: readonly RunEvent[]): readonly RunEvent[];
  /** The flow's code asks for more. Nothing becomes milder by it, and `facts` stay the same object where nothing becomes stricter. */
  tighten(request: BoundaryRequest): void;
  /**
   * Opens what is sealed in a claim (storage, parameters, locations) and finds the locations that pseudonyms stand for.
   * @throws OpenError with a sentence for people
   */
  open(claimed: ClaimedRun): Promise<OpenedRun>;
  openCached(reply: CachedReply): Promise<CachedReply>;
  openOutcome(reply: OutcomeReply): Promise<OutcomeReply>;
  /** @throws OpenError when the value cannot be opened, or is none that may be taken */
  openKv(key: string, reply: KvGetReply): Promise<KvGetReply>;
}

/** What a filter and a formatter of the user's own see of a line. */
export type LogLine = Pick<LogEvent, "at" | "level" | "text" | "logger"> & {
  readonly project: string;
  readonly flow: string;
  readonly task: string | null;
};

/** Something that came back cannot be opened with the keys of this side. The message is a sentence that holds nothing of it. */
export class OpenError extends Error {
  override readonly name = "OpenError";
}
