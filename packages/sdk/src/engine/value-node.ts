import type { KnownTaskRun } from "@weir/protocol";
import type { Where } from "@weir/results";
import type { Body } from "./body.ts";
import type { TaskRunFacts } from "./declare.ts";
import { Result } from "./result.ts";
import { RunNode } from "./run-node.ts";
import type { TaskCode } from "./task-try.ts";

/** A task run with one value: taken from an earlier attempt where there is one, else made; read or made again when somebody wants it. */
export abstract class ValueNode extends RunNode {
  readonly code: TaskCode;
  protected readonly result: Result;
  /** Called when it has ended and its value is read, or made, once more. */
  reopened: (() => void) | null = null;
  /** What earlier attempts have left of it. */
  protected known: KnownTaskRun | null;

  constructor(body: Body, identity: TaskRunFacts, code: TaskCode, known: KnownTaskRun | null) {
    super(body, identity);
    this.code = code;
    this.known = known;
    this.result = new Result(this);
  }

  /** Declares it, and goes on to make its value. */
  protected abstract declareAndGoOn(): void;
  /** Where its value is written. */
  protected abstract where(): Where;

  /** Takes up what is known, or declares the task run and waits for its inputs. Starts at once when nothing is in the way. */
  begin(): void {
    const { known } = this;
    if (known === null || !this.result.restore(known)) return this.declareAndGoOn();
    this.state = known.state;
    this.done = true;
  }

  use(): void {
    this.hear();
    const wanted = this.result.want();
    if (wanted === "there") return;
    this.done = false;
    this.reopened?.();
    if (wanted === "again") this.declareAndGoOn();
    else void this.flowRun.activity.during(this.#load());
  }

  async #load(): Promise<void> {
    try {
      await this.result.load();
    } catch (error) {
      this.error = error;
    }
    this.settle();
  }

  take(): unknown {
    return this.result.value;
  }

  override persist(): void {
    if (this.done && this.verdict() === "ok") this.result.persist(() => this.where());
  }
}
