import type { Gate } from "@weir/gate";
import {
  type AskMessage,
  type DoneMessage,
  type FromChild,
  isTerminal,
  type LoadedMessage,
  type LogEvent,
  type RunEvent,
  type StartMessage,
} from "@weir/protocol";
import type { Child } from "./child.ts";
import { ChildBounds } from "./child-bounds.ts";
import type { RunnerConfig } from "./config.ts";
import type { Exit } from "./crash.ts";
import { IpcError } from "./ipc-reader.ts";
import type { JournalRoom } from "./journal-room.ts";
import { drained, droppedOutput, OutputCapture, type OutputBudget } from "./output-capture.ts";

/** What a session tells the run. */
export interface SessionListener {
  /** Events in order, as the child emitted them or as they were captured. Returns whether the journal is full. */
  readonly events: (events: readonly RunEvent[]) => { full: boolean };
  readonly asked: (message: AskMessage) => void;
  readonly loaded: (message: LoadedMessage) => void;
  readonly done: (message: FromChild & { kind: "done" }) => void;
  readonly invalid: (error: IpcError) => void;
}

/** One child while it runs one flow run: its messages, its output, and the back-pressure on both. */
export class ChildSession {
  readonly child: Child;
  readonly #gate: Gate;
  readonly #config: RunnerConfig;
  readonly #room: JournalRoom;
  readonly #listener: SessionListener;
  readonly #budget: OutputBudget;
  readonly #captures: readonly [OutputCapture, OutputCapture];
  readonly #bounds = new ChildBounds();
  /** It told more than is taken: it is about to be killed, and nothing more of it is heard. */
  #refused = false;
  #paused = false;
  #outputTold = false;
  /** What was printed before the flow's code has said what it asks of the gate: only then is it known how to treat it. */
  #early: LogEvent[] | null = [];
  #loadingTimer: NodeJS.Timeout | undefined;
  /** The flow's last word, held back until the output that came before it is read. */
  #lastWord: Promise<void> | null = null;
  #left = false;
  #begun = false;
  readonly #stays = Promise.withResolvers<"stays">();

  constructor(o: { child: Child; gate: Gate; config: RunnerConfig; room: JournalRoom; listener: SessionListener }) {
    this.child = o.child;
    this.#gate = o.gate;
    this.#config = o.config;
    this.#room = o.room;
    this.#listener = o.listener;
    this.#budget = { leftBytes: o.config.outputBytes, droppedLines: 0, droppedBytes: 0 };
    const shared = {
      budget: this.#budget,
      emit: (events: readonly LogEvent[]) => this.#printed(events),
      now: Date.now,
    };
    this.#captures = [
      new OutputCapture({ stream: o.child.stdout, logger: "stdout", ...shared }),
      new OutputCapture({ stream: o.child.stderr, logger: "stderr", ...shared }),
    ];
  }

  /** Tells the child to begin, and hears it until its end, or until it says that it stays for another run. */
  async run(start: StartMessage): Promise<Exit | "stays"> {
    this.child.runs += 1;
    this.#loadingTimer = setTimeout(() => this.#tellLoading(), this.#config.loadingNoteMs);
    this.child.send(start);
    this.child.listen({ messages: (messages) => this.#hear(messages), invalid: this.#listener.invalid });
    const end = await Promise.race([this.child.exited, this.#stays.promise]);
    await this.#lastWord;
    clearTimeout(this.#loadingTimer);
    this.#tellOutput();
    return end;
  }

  /** Lets go of the child: nothing that it says or writes from now on is this run's, and nothing of this run reaches it. */
  leave(): void {
    this.#left = true;
    clearTimeout(this.#loadingTimer);
    for (const capture of this.#captures) capture.detach();
  }

  /** Whether the child is kept from telling more, because the journal is full. */
  get paused(): boolean {
    return this.#paused;
  }

  /** The end of what it wrote to stderr. */
  get stderrTail(): string {
    return this.#captures[1].tail;
  }

  /** Whether the child has said anything of the run. */
  get begun(): boolean {
    return this.#begun;
  }

  #hear(messages: readonly FromChild[]): void {
    this.#begun ||= messages.some(({ kind }) => kind !== "ready");
    let events: readonly RunEvent[] = [];
    for (const message of messages) {
      if (!this.#counts(message)) break;
      if (message.kind === "events") events = events.length === 0 ? message.events : [...events, ...message.events];
      else {
        // What it told before comes first.
        this.#take(events);
        events = [];
        this.#hearOther(message);
      }
    }
    this.#take(events);
  }

  /** Whether the message is still one of as many as are taken. */
  #counts(message: FromChild): boolean {
    if (this.#refused) return false;
    try {
      this.#bounds.count(message);
      return true;
    } catch (error) {
      if (!(error instanceof IpcError)) throw error;
      this.#refused = true;
      this.#listener.invalid(error);
      return false;
    }
  }

  #hearOther(message: Exclude<FromChild, { kind: "events" }>): void {
    if (message.kind === "secrets") this.#gate.addSecrets(message.values);
    else if (message.kind === "loaded") this.#loaded(message);
    else if (message.kind === "done") this.#done(message);
    else if (message.kind === "ask" && this.#lastWord === null) this.#listener.asked(message);
  }

  #loaded(message: LoadedMessage): void {
    clearTimeout(this.#loadingTimer);
    this.#listener.loaded(message);
    this.#tellEarly();
  }

  #printed(events: readonly LogEvent[]): void {
    if (this.#early === null) this.#emit(events);
    else this.#early.push(...events);
  }

  #tellEarly(): void {
    const early = this.#early ?? [];
    this.#early = null;
    this.#emit(early);
  }

  #tellLoading(): void {
    const text = "The flow's file is still being loaded. What it prints meanwhile is shown once it is loaded.";
    this.#emit([{ kind: "log", at: Date.now(), level: "info", logger: "weir", text }]);
  }

  #done(message: DoneMessage): void {
    this.#listener.done(message);
    if (message.stays === true) this.#stays.resolve("stays");
  }

  #take(events: readonly RunEvent[]): void {
    // Nothing counts behind the last word.
    if (this.#lastWord !== null) return;
    const end = events.findIndex((event) => event.kind === "flow" && isTerminal(event.state));
    if (end === -1) return this.#emit(events);
    this.#emit(events.slice(0, end));
    this.#lastWord = this.#sayLastWord(events.slice(end, end + 1));
  }

  /** After a terminal state nothing can be appended, so output that was written before it must be read first. */
  async #sayLastWord(word: readonly RunEvent[]): Promise<void> {
    await drained(this.#captures);
    this.#tellOutput();
    this.#emit(word);
  }

  #emit(events: readonly RunEvent[]): void {
    if (events.length === 0) return;
    if (this.#listener.events(events).full) this.#pause();
  }

  #tellOutput(): void {
    if (this.#outputTold) return;
    this.#outputTold = true;
    for (const capture of this.#captures) capture.flush();
    this.#tellEarly();
    this.#emit(droppedOutput(this.#budget, this.#config.outputBytes, Date.now()));
  }

  #pause(): void {
    if (this.#paused) return;
    this.#paused = true;
    this.child.send({ kind: "pressure", flow: "stop" });
    // The child is asked and not trusted: whatever it still writes stays in the pipe.
    this.child.pause();
    this.#room.whenRoom(() => this.goOn());
  }

  /** Reads the child again: there is room, or its last words matter more. */
  goOn(): void {
    if (!this.#paused || this.#left) return;
    this.#paused = false;
    this.child.send({ kind: "pressure", flow: "go" });
    this.child.resume();
  }
}
