// Writes and reads 100 results at once, each too large to share a file: `node write-large.ts DIRECTORY`.
import { localStore } from "../local/local-store.ts";

const store = localStore({ directory: process.argv[2] ?? "" });
const large = "x".repeat(20_000);
const where = { runId: "r", flow: "f", task: "t", attempt: 1, tryNumber: 1 };
const writes = Array.from({ length: 100 }, (_, i) => store.write(large, { ...where, taskRunNumber: i + 1 }));
const written = await Promise.all(writes);
const read = await Promise.all(written.map(({ location }) => store.read(location)));
console.log(read.filter((value) => value === large).length);
