import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import type { Reply, Request } from "./serve.ts";

/** A peer in its own process. */
export interface Peer extends AsyncDisposable {
  readonly pid: number;
  /** Runs one command of the peer; answers what it measured, in milliseconds. */
  ask(command: string, size: number): Promise<readonly number[]>;
}

/** Starts `peers/<name>.ts` against a database of its own. Throws with the peer's own words when it cannot. */
export async function startPeer(name: string, databaseUrl: string): Promise<Peer> {
  const child = fork(fileURLToPath(new URL(`${name}.ts`, import.meta.url)), [], {
    env: { ...process.env, PEER_DATABASE_URL: databaseUrl },
    // DBOS calls pg in a way that pg 9 will not allow; not ours to mend, nor to read about.
    execArgv: ["--no-deprecation"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  await reply(child, name);
  return {
    pid: child.pid ?? 0,
    ask: async (command, size) => {
      child.send({ command, size } satisfies Request);
      return await reply(child, name);
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function reply(child: ChildProcess, name: string): Promise<readonly number[]> {
  const gone = new AbortController();
  try {
    const first = await Promise.race([
      once(child, "message", { signal: gone.signal }),
      once(child, "exit", { signal: gone.signal }).then(([code]) => [{ problem: `it ended with code ${code}` }]),
    ]);
    const answer = first[0] as Reply;
    if ("problem" in answer) throw new Error(`The peer ${name} did not measure: ${answer.problem}`);
    return answer.values;
  } finally {
    gone.abort();
  }
}
