// Writes to and reads from a directory as whoever runs it, and prints what became of it: `node try-store.ts DIRECTORY LOCATION`.
import { localStore } from "../local/local-store.ts";

const [, , directory = "", location = ""] = process.argv;
const store = localStore({ directory });
const where = { runId: "r2", flow: "f2", task: "t", taskRunNumber: 1, attempt: 1, tryNumber: 1 };
const told = (error: unknown) => String(error);
const finished = () => "finished";
console.log(await store.write(1, where).then(finished, told));
console.log(await store.read(location).then(finished, told));
