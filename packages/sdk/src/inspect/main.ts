// `node …/inspect FILE` prints one JSON document (`Inspection`) on file descriptor 3: standard output belongs to the user's code.
import { writeSync } from "node:fs";
import { IPC_FD } from "@weir/protocol/ipc";
import { loadProblem } from "../loading/load-problem.ts";
import { type Inspection, inspectFile } from "./inspect.ts";

let told = false;

function tell(inspection: Inspection): void {
  if (told) return;
  told = true;
  const bytes = Buffer.from(`${JSON.stringify(inspection)}\n`);
  for (let sent = 0; sent < bytes.length;) sent += writeSync(IPC_FD, bytes, sent);
}

const [file] = process.argv.slice(2);
process.on("uncaughtException", (error) => {
  tell({ ok: false, problem: loadProblem(file ?? "", error) });
  process.exit(0);
});
process.on("exit", () => {
  const problem = `The file ${file} ends the process while it is loaded, or waits for something that never comes. Start work inside the flow, not beside it.`;
  tell({ ok: false, problem });
  process.exitCode = 0;
});

if (file === undefined) tell({ ok: false, problem: "No file was named. Name the file that exports the flow." });
else tell(await inspectFile(file));
// What the file has started, a pool or a server, would keep the process.
process.exit(0);
