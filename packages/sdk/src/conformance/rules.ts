import { AROUND_RULES } from "./rules/around.ts";
import { KEEPING_RULES } from "./rules/keeping.ts";
import { RUNNING_RULES } from "./rules/running.ts";

/** Every rule of the design, by id. The words say which sentence of it is meant. */
export const RULES = { ...RUNNING_RULES, ...KEEPING_RULES, ...AROUND_RULES } as const;

export type RuleId = keyof typeof RULES;
export const RULE_IDS = Object.keys(RULES) as RuleId[];
