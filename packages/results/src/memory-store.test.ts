import { describeStore } from "./describe-store.ts";
import { memoryStore } from "./memory-store.ts";

describeStore("memory", async () => memoryStore());
