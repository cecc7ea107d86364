/** Exit codes of the agent's process. */
export const AGENT_EXIT = {
  /** Stopped as asked. */
  stopped: 0,
  /** Something that only a person can mend: the sentence says what. */
  failed: 1,
  /** A variable of the environment cannot be used. */
  usage: 2,
  /** The cloud does not accept the agent's key. */
  keyRefused: 3,
} as const;

export type AgentExit = (typeof AGENT_EXIT)[keyof typeof AGENT_EXIT];

/** Why the agent cannot go on. The message is a sentence for people. */
export class AgentError extends Error {
  override readonly name = "AgentError";
  readonly exitCode: AgentExit;

  constructor(message: string, exitCode: AgentExit, cause?: unknown) {
    super(message, { cause });
    this.exitCode = exitCode;
  }
}
