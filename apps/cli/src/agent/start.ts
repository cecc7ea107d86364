import { resolve } from "node:path";
import { findKeysFile } from "../connection/settings.ts";
import { EXIT, type ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { agentProgram } from "../processes/find-main.ts";
import { runInFront } from "../processes/run-in-front.ts";

interface Options {
  readonly name?: string;
  readonly label?: readonly string[];
  readonly project?: readonly string[];
  readonly capacity?: number;
  readonly directory?: string;
  readonly json?: boolean;
}

/** `weir agent start`: options are environment variables of the agent by another name. Its key is never an option: argv is public. */
export async function start(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { name, label = [], project = [], capacity, directory } = options;
  return await runInFront(io, {
    what: "agent",
    main: agentProgram(),
    env: {
      ...io.env,
      ...connectionOf(io),
      ...(name === undefined ? {} : { WEIR_AGENT_NAME: name }),
      ...(label.length === 0 ? {} : { WEIR_AGENT_LABELS: label.join(",") }),
      ...(project.length === 0 ? {} : { WEIR_AGENT_PROJECTS: project.join(",") }),
      ...(capacity === undefined ? {} : { WEIR_AGENT_CAPACITY: String(capacity) }),
      ...(directory === undefined ? {} : { WEIR_AGENT_DIRECTORY: resolve(io.cwd, directory) }),
    },
    ready: "enrolled",
    json: options.json === true,
    stdout: "log",
    exits: { 2: EXIT.usage, 3: EXIT.auth },
  });
}

/** The agent key of the nearest keys.json, where the environment names none. Handed over as a path. */
function connectionOf(io: Io): Record<string, string> {
  if (io.env.WEIR_AGENT_KEY || io.env.WEIR_AGENT_KEY_FILE || io.env.WEIR_API_URL) return {};
  const keys = findKeysFile(io.cwd);
  return keys === null ? {} : { WEIR_API_URL: keys.url, WEIR_AGENT_KEY_FILE: keys.path };
}
