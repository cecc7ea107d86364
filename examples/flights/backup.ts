// Run by lock.ts as a process of its own: something else on the machine that holds the lock for a moment.
import { backUp } from "./lock.ts";

await backUp();
