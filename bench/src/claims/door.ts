import type { ClaimReply, ClaimedRun, RunEvent } from "@weir/protocol";

/** The run door of one cloud, as one agent has it. */
export interface Door {
  claim(room: number): Promise<readonly ClaimedRun[]>;
  report(run: ClaimedRun, first: number, events: readonly RunEvent[]): Promise<void>;
}

/**
 * @param session what an enrolled agent got
 * @param labels that it has
 */
export function openDoor(url: string, session: string, labels: readonly string[] = []): Door {
  const send = async <T>(path: string, token: string, body: object): Promise<T> => {
    const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
    const reply = await fetch(new URL(path, url), { method: "POST", headers, body: JSON.stringify(body) });
    if (reply.status !== 200) throw new Error(`${path}: ${reply.status} ${await reply.text()}`);
    return (await reply.json()) as T;
  };
  return {
    claim: async (room) =>
      (await send<ClaimReply>("/v1/claims", session, { room, waitSeconds: 0, labels, holding: [] })).runs,
    report: async ({ runId, runToken, attempt }, first, events) =>
      void (await send(`/v1/runs/${runId}/reports`, runToken, { attempt, first, events })),
  };
}

const TASKS = 10;

/** A run of ten tasks in three reports, as a runner batches them. */
export function batchesOf(at: number): RunEvent[][] {
  const numbers = Array.from({ length: TASKS }, (_, index) => index + 1);
  return [
    [{ kind: "flow", at, state: "Running" }, ...numbers.map((number): RunEvent => declared(at, number))],
    numbers.flatMap((number): RunEvent[] => [
      { kind: "task", at, number, state: "Running", tryNumber: 1 },
      { kind: "log", at, level: "info", number, text: "one line of what a task has to say about its work" },
      { kind: "task", at, number, state: "Success", location: `file:///results/${number}`, resultBytes: 100 },
    ]),
    [{ kind: "flow", at, state: "Success" }],
  ];
}

function declared(at: number, number: number): RunEvent {
  return { kind: "task-run", at, number, task: "task", ordinal: number - 1 };
}
