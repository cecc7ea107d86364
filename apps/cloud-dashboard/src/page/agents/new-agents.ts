/** An agent, as far as it tells whether it has just come. */
export interface HeardAgent {
  readonly id: string;
  readonly online: boolean;
  /** ISO 8601, by the cloud's clock. */
  readonly lastSeenAt: string;
}

/** Who was heard of when the page was opened, and until when. */
export type Known = ReadonlyMap<string, HeardAgent>;

export const knownOf = (agents: readonly HeardAgent[]): Known => new Map(agents.map((agent) => [agent.id, agent]));

/**
 * The agents that have come since: new ones, and those that were silent and are heard of again. One that was there all the time is none that a
 * person waits for. No clock of this machine is asked.
 */
export function newAgents<Agent extends HeardAgent>(agents: readonly Agent[], known: Known): Agent[] {
  return agents.filter(({ id, online }) => online && known.get(id)?.online !== true);
}
