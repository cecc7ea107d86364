import { KEEPING } from "./keeping.ts";
import type { Mutation } from "./mutation.ts";
import { RUNNING } from "./running.ts";

/** Every guard that is taken out, one at a time. */
export const MUTATIONS: readonly Mutation[] = [...RUNNING, ...KEEPING];
