import type { EnrolReply } from "@weir/protocol";
import { type Connection, pause } from "./connection.ts";

/** Share of its life after which a session token is renewed. */
const RENEW_AT = 0.8;

/** Whatever the cloud says of a session's life: not ten enrolments a second, and no timer that wraps round at 24 days. */
const LEAST_MS = 100;
const MOST_MS = 24 * 60 * 60 * 1_000;

/** Keeps the agent's session: enrols at the start, again at 80 % of the token's life, and whenever the cloud no longer knows it. */
export class SessionLoop {
  readonly #enrol: (signal: AbortSignal) => Promise<EnrolReply>;
  readonly #connection: Connection;
  #session: EnrolReply | null = null;
  #renewing: Promise<EnrolReply> | null = null;

  constructor(o: { enrol: (signal: AbortSignal) => Promise<EnrolReply>; connection: Connection }) {
    this.#enrol = o.enrol;
    this.#connection = o.connection;
  }

  /** The session now. @throws Error before the first enrolment */
  get session(): EnrolReply {
    if (this.#session === null) throw new Error("the agent has not enrolled yet");
    return this.#session;
  }

  /**
   * Enrols, and keeps trying while the cloud is away. Callers at the same time share one enrolment.
   * @throws AgentError when the key is refused
   */
  async renew(signal: AbortSignal): Promise<EnrolReply> {
    this.#renewing ??= this.#keepEnrolling(signal).finally(() => {
      this.#renewing = null;
    });
    this.#session = await this.#renewing;
    return this.#session;
  }

  /** Waits until the session is due, then renews it. */
  async tick(signal: AbortSignal): Promise<void> {
    const due = this.session.sessionSeconds * 1000 * RENEW_AT;
    await pause(Math.min(MOST_MS, Math.max(LEAST_MS, due)), signal);
    if (!signal.aborted) await this.renew(signal);
  }

  /** @throws AgentError when a renewal is refused for good */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) await this.tick(signal);
  }

  async #keepEnrolling(signal: AbortSignal): Promise<EnrolReply> {
    for (;;) {
      signal.throwIfAborted();
      try {
        const reply = await this.#enrol(signal);
        this.#connection.answered();
        return reply;
      } catch (error) {
        signal.throwIfAborted();
        await pause(this.#connection.failed(error).waitMs, signal);
      }
    }
  }
}
