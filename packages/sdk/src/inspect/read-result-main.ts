// `node …/read-result` takes a JSON document (`WantedResult`) on standard input and tells on file descriptor 3: a line of JSON, and behind it
// the value, as JSON or as the bytes that it is. Standard output belongs to the user's code.
import { writeSync } from "node:fs";
import { text } from "node:stream/consumers";
import { inspect } from "node:util";
import { IPC_FD } from "@weir/protocol/ipc";
import { encodeJson } from "@weir/results";
import { loadProblem } from "../loading/load-problem.ts";
import { type FoundResult, readResult, type WantedResult } from "./read-result.ts";

function write(bytes: Uint8Array): void {
  for (let sent = 0; sent < bytes.length;) sent += writeSync(IPC_FD, bytes, sent);
}

function tell(found: FoundResult): void {
  if (!found.ok) return write(Buffer.from(`${JSON.stringify(found)}\n`));
  const isBytes = found.value instanceof Uint8Array;
  write(Buffer.from(`${JSON.stringify({ ok: true, bytes: isBytes })}\n`));
  write(isBytes ? found.value : Buffer.from(textOf(found.value)));
}

/** What JSON cannot carry (a value of another serializer) is at least shown. */
function textOf(value: unknown): string {
  try {
    return encodeJson(value);
  } catch {
    return JSON.stringify(inspect(value, { depth: 10 }));
  }
}

const wanted = JSON.parse(await text(process.stdin)) as WantedResult;
process.on("uncaughtException", (error) => {
  tell({ ok: false, problem: loadProblem(wanted.file, error) });
  process.exit(0);
});
tell(await readResult(wanted));
process.exit(0);
