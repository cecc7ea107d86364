// The process of one flow run, started by a runner. See `ipc.ts` of the protocol for what it hears and says.
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";

// Reading compiled code back is four times as fast as compiling it, and saves loading what strips the types. Below the home, not in
// the machine's shared temporary directory: whoever can write there could put code of theirs in.
enableCompileCache(join(homedir(), ".cache", "weir", "compiled"));

const { serve } = await import("./child.ts");
// What every flow imports is there before the process says that it is ready: a warm child has the time.
await import("../index.ts");
serve();
