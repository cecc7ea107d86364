import { resolve } from "node:path";
import type { ExitCode } from "../exit-codes.ts";
import type { Io } from "../io.ts";
import { cloudProgram } from "../processes/find-main.ts";
import { runInFront } from "../processes/run-in-front.ts";

interface Options {
  readonly directory: string;
  readonly host?: string;
  readonly port?: number;
  readonly json?: boolean;
}

/** `weir server start`: with the database of WEIR_DATABASE_URL, or else an embedded one. */
export async function start(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const { directory, host, port } = options;
  const own = io.env.WEIR_DATABASE_URL || io.env.WEIR_DATABASE_URL_FILE || io.env.WEIR_EMBEDDED_DIRECTORY;
  return await runInFront(io, {
    what: "cloud",
    main: cloudProgram("main", io.cwd),
    env: {
      ...io.env,
      ...(own ? {} : { WEIR_EMBEDDED_DIRECTORY: resolve(io.cwd, directory) }),
      ...(host === undefined ? {} : { WEIR_CLOUD_HOST: host }),
      ...(port === undefined ? {} : { WEIR_CLOUD_PORT: String(port) }),
    },
    ready: "listening",
    json: options.json === true,
    stdout: "log",
    exits: {},
  });
}
