import { memoryStore } from "./memory-store.ts";
import { describeStore } from "./testing/describe-store.ts";

describeStore("memory", async () => {
  const store = memoryStore();
  return { open: () => store, isShared: false };
});
