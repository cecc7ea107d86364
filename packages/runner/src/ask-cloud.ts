import { type CloudClient, isRetryable, type ReplyOf } from "@weir/client";
import { type BodyOf, type Gate, GateError, OpenError, type RunScope } from "@weir/gate";
import { Refusal, type RefusalCode } from "@weir/protocol";
import type { RunnerConfig } from "./config.ts";
import { sentenceOf } from "./log.ts";
import { pauseFor, retryPauseMs } from "./retry-pause.ts";

/** Messages by which a run asks the cloud. */
export type Question = "slots" | "cached" | "start" | "outcome" | "kvGet" | "kvSet" | "kvDelete";

/** What one run asks with. */
export interface AskDeps {
  readonly client: CloudClient;
  readonly gate: Gate;
  readonly scope: RunScope;
  readonly config: RunnerConfig;
  readonly runId: string;
  readonly attempt: number;
  /** The newest run token. */
  readonly token: () => string;
}

/** The reports, which never rest, renew the token; where the run is lost it is they that hear of it. */
const TOKEN_REFUSALS: ReadonlySet<RefusalCode> = new Set(["UNAUTHENTICATED", "SESSION_EXPIRED"]);

function mayPass(error: unknown): boolean {
  if (error instanceof Refusal && TOKEN_REFUSALS.has(error.code)) return true;
  if (error instanceof GateError) return error.code === "LEDGER_FAILED";
  return isRetryable(error);
}

/**
 * Asks until the cloud answers: while it is away the question waits, and the run goes on with what else it has to do.
 * @throws Refusal or GateError for what would be refused again, ConnectionError ABORTED once `signal` says stop
 */
export async function askCloud<M extends Question>(
  message: M,
  body: BodyOf<M>,
  o: AskDeps & { signal: AbortSignal; timeoutMs?: number },
): Promise<ReplyOf<M>> {
  const { client, gate, scope, config, runId, token, signal, timeoutMs } = o;
  for (let failures = 1; ; failures += 1) {
    try {
      const passed = await gate.pass(message, body, { scope });
      return await client.send(passed, { token: token(), runId, signal, ...(timeoutMs ? { timeoutMs } : {}) });
    } catch (error) {
      if (signal.aborted || !mayPass(error)) throw error;
      await pauseFor(retryPauseMs(error, failures, config, Math.random()), signal);
      signal.throwIfAborted();
    }
  }
}

/** What a child is told when its question came to nothing. */
export interface Refused {
  readonly code: RefusalCode;
  readonly message: string;
}

export function refusedBy(error: unknown): Refused {
  if (error instanceof Refusal) return { code: error.code, message: error.message };
  if (error instanceof GateError && error.code !== "LEDGER_FAILED") return { code: error.code, message: error.message };
  if (error instanceof OpenError) return { code: "INVALID", message: error.message };
  return { code: "INTERNAL", message: `The cloud could not be asked: ${sentenceOf(error)}` };
}
