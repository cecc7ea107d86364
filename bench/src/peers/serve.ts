/** What a peer's process can be asked: a number goes in (how much), what was measured comes out. */
export type Commands = Record<string, (size: number) => Promise<readonly number[]>>;

export interface Request {
  readonly command: string;
  readonly size: number;
}

export type Reply = { readonly values: readonly number[] } | { readonly problem: string };

/** Answers the harness over Node's IPC until it goes away. One request at a time, as the harness sends them. */
export function serve(commands: Commands): void {
  process.on("message", (request: Request) => {
    void answer(commands, request).then((reply) => process.send?.(reply));
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ values: [] } satisfies Reply);
}

async function answer(commands: Commands, request: Request): Promise<Reply> {
  const command = commands[request.command];
  if (command === undefined) return { problem: `This peer does not know the command ${request.command}.` };
  try {
    return { values: await command(request.size) };
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
}
