import { EXIT, type ExitCode } from "../exit-codes.ts";
import { type Io, line, printDocument } from "../io.ts";
import { until } from "../processes/until.ts";
import { dashboardAddress } from "./dashboard-address.ts";
import { startStack } from "./stack.ts";
import { urlLines, urlsOf } from "./urls.ts";

interface Options {
  readonly directory: string;
  readonly port: number;
  readonly json?: boolean;
}

/** `weir dev` */
export async function dev(io: Io, _args: readonly string[], options: Options): Promise<ExitCode> {
  const step = (sentence: string): void => (options.json ? undefined : io.err(`${io.paint.dim(`  ${sentence} …`)}\n`));
  const stack = await startStack(io, { ...options, step });
  try {
    if (options.json) printDocument(io, urlsOf(stack, `${stack.url}/`));
    else {
      line(io);
      for (const text of urlLines(io, stack, await dashboardAddress(io, stack, "/"))) line(io, text);
      line(io);
      line(io, "  A cloud and an agent wait for work. In another terminal, from this folder or below it:");
      line(
        io,
        `  ${io.paint.bold("weir run FILE")}  registers a flow and runs it; ${io.paint.bold("weir runs list")} shows what ran.`,
      );
      line(io, io.paint.dim("  Ctrl-C ends everything; it is all there again the next time."));
    }
    await Promise.race([until(io.interrupted), stack.broken]);
    return EXIT.ok;
  } finally {
    await stack.stop();
  }
}
