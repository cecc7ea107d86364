import { join } from "node:path";
import type { CloudClient } from "@weir/client";
import { DEFAULT_POLICY, type Gate, type Policy, secretsOfEnvironment } from "@weir/gate";
import type { ClaimedRun } from "@weir/protocol";
import { ChildPool } from "./child-pool.ts";
import { ChildStarter } from "./child-starter.ts";
import { RUNNER_DEFAULTS, type RunnerConfig } from "./config.ts";
import { flowEnvironment } from "./flow-environment.ts";
import { shipFound } from "./found-journals.ts";
import { KeptChildren } from "./kept-children.ts";
import { Journal } from "./journal.ts";
import { JournalRoom } from "./journal-room.ts";
import type { RunnerLog } from "./log.ts";
import { Run } from "./run.ts";
import type { RunHandle } from "./run-handle.ts";
import { Watchdog } from "./watchdog.ts";

export interface RunnerHostOptions {
  readonly client: CloudClient;
  readonly gate: Gate;
  /** What the user has decided: whose work is run. Absent: the defaults, by which anybody's is. */
  readonly policy?: Policy;
  /** Directory of the agent's own data; the journal lies there. One host per directory. */
  readonly dataDirectory: string;
  readonly config?: Partial<RunnerConfig>;
  readonly log: RunnerLog;
  /** Variables that runs declare, handed to the flow beyond the allow-list. Those that look secret are struck out of what leaves. */
  readonly environment?: Readonly<Record<string, string>>;
  /** Another journal than the one of `dataDirectory`. */
  readonly journal?: Journal;
}

/** What all runs of one agent share: the journal, warm children, the watchdog. */
export interface RunnerHost {
  /**
   * Takes a claimed run in hand.
   * @param grantedAt `performance.now()` before which the cloud cannot have begun to count the lease: when the claim was *sent*, plus the
   *   time that the cloud says it let it wait. Counted from the sending alone, a lease that was granted at the end of a long-poll would be
   *   half a minute old when it comes, and fence itself at once.
   */
  run(claimed: ClaimedRun, grantedAt: number): RunHandle;
  /**
   * Ships what an earlier process left behind. Call it before anything is claimed. Tries until the cloud answers, or until `close`.
   */
  shipFoundJournals(): Promise<{ runs: number; events: number }>;
  /** Kills what still runs, leaves unshipped events to the journal, and ends everything that was started. */
  close(): Promise<void>;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

class Host implements RunnerHost {
  readonly #o: RunnerHostOptions;
  readonly #config: RunnerConfig;
  readonly #journal: Journal;
  readonly #room: JournalRoom;
  readonly #watchdog: Watchdog;
  readonly #starter: ChildStarter;
  readonly #pool: ChildPool;
  readonly #kept: KeptChildren;
  readonly #runs = new Set<Run>();
  readonly #closing = new AbortController();
  #shipping: Promise<unknown> = Promise.resolve();
  #closed: Promise<void> | null = null;

  constructor(o: RunnerHostOptions) {
    const { log, gate } = o;
    const environment = flowEnvironment(o.environment ?? {});
    this.#o = o;
    this.#config = { ...RUNNER_DEFAULTS, ...o.config };
    const file = join(o.dataDirectory, "journal.db");
    this.#journal = o.journal ?? Journal.open(file, { onBroken: (sentence) => log.error({ file }, sentence) });
    this.#journal.dropEvidence(Date.now() - this.#config.evidenceDays * DAY_MS);
    this.#room = new JournalRoom(this.#config.journalBytes);
    this.#watchdog = new Watchdog(log);
    this.#starter = new ChildStarter(this.#config, { dataDirectory: o.dataDirectory, watchdog: this.#watchdog });
    this.#pool = new ChildPool({ size: this.#config.warmChildren, starter: this.#starter, log });
    this.#kept = new KeptChildren(this.#config);
    gate.addSecrets(secretsOfEnvironment(environment));
  }

  run(claimed: ClaimedRun, grantedAt: number): RunHandle {
    const { client, gate, policy = DEFAULT_POLICY, log, environment = {} } = this.#o;
    const shared = { journal: this.#journal, room: this.#room, pool: this.#pool, config: this.#config };
    const kept = this.#kept;
    const run = new Run(claimed, grantedAt, { client, gate, policy, log, environment, kept, ...shared });
    this.#runs.add(run);
    void run.done.then(() => this.#runs.delete(run));
    return run;
  }

  async shipFoundJournals(): Promise<{ runs: number; events: number }> {
    const { client, gate, log } = this.#o;
    const shared = { journal: this.#journal, room: this.#room, config: this.#config };
    const shipping = shipFound({ client, gate, log, ...shared }, this.#closing.signal);
    this.#shipping = shipping.catch(() => {});
    return shipping;
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    this.#closing.abort();
    await Promise.all([...this.#runs].map((run) => run.close()));
    await this.#shipping;
    await Promise.all([this.#pool.close(), this.#kept.close()]);
    await this.#starter.close();
    await this.#watchdog.close();
    this.#journal.close();
  }
}

/**
 * Opens the journal and starts the watchdog.
 * @throws JournalLockedError when another agent uses the directory
 * @throws FlowEnvironmentError when a variable is among those for flows that none may get
 * @example const host = createRunnerHost({ client, gate, dataDirectory: ".weir/agent", log });
 */
export function createRunnerHost(o: RunnerHostOptions): RunnerHost {
  return new Host(o);
}
