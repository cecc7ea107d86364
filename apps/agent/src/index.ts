/** Claims work, launches it, guards the gate; never listens to the outside. */
export { type Agent, type AgentDeps, startAgent } from "./agent.ts";
export { AGENT_EXIT, AgentError, type AgentExit } from "./agent-error.ts";
export type { AgentLog } from "./agent-log.ts";
export { AGENT_DEFAULTS, type AgentConfig, ConfigError, readConfig } from "./config.ts";
export type { Health } from "./health.ts";
