import { hostname } from "node:os";
import pino, { type Logger } from "pino";
import { type Agent, startAgent } from "./agent.ts";
import { AGENT_EXIT, AgentError } from "./agent-error.ts";
import { type AgentConfig, ConfigError, readConfig } from "./config.ts";

// The agent's process. Only this file touches `process`. Exit codes: AGENT_EXIT.

const log = pino({ name: "weir-agent" }, pino.destination({ fd: 2, sync: true }));

/** Longest time that the end may take when nobody waits for it any more: what is not given back by then expires by itself. */
const LAST_MS = 3_000;

function setUp(): AgentConfig {
  try {
    const config = readConfig(process.env, hostname());
    log.level = config.logLevel;
    return config;
  } catch (error) {
    if (error instanceof ConfigError) return end(error.message, AGENT_EXIT.usage);
    throw error;
  }
}

function end(sentence: string, exitCode: number): never {
  log.fatal(sentence);
  // Whoever forked us shows the sentence; the log may be in a file.
  process.send?.({ kind: "failed", message: sentence, exitCode });
  process.exit(exitCode);
}

/** A first SIGTERM or SIGINT drains, a second gives back at once; so does the end of the process that forked us. */
function obeySignals(agent: Promise<Agent>): void {
  let asked = 0;
  let enrolled = false;
  void agent.then(
    () => (enrolled = true),
    () => {},
  );
  const stop = (): void => {
    asked += 1;
    const how = asked > 1 ? "now" : undefined;
    void agent.then(
      (running) => running.stop(how),
      () => {},
    );
    // Not enrolled yet: there is nothing to give back.
    if (asked > 1 || !enrolled) setTimeout(() => process.exit(AGENT_EXIT.stopped), enrolled ? LAST_MS : 0);
  };
  process.on("SIGTERM", stop).on("SIGINT", stop);
  process.on("disconnect", () => {
    asked += 1;
    stop();
  });
}

async function main(logger: Logger): Promise<void> {
  const config = setUp();
  const starting = startAgent(config, { log: logger, environment: process.env });
  obeySignals(starting);
  try {
    const agent = await starting;
    process.send?.({ kind: "enrolled", agentId: agent.agentId });
    await agent.done;
    logger.info("The agent has stopped.");
    process.exit(AGENT_EXIT.stopped);
  } catch (error) {
    if (error instanceof AgentError) end(error.message, error.exitCode);
    logger.fatal({ err: error }, "The agent failed in a way that it does not know.");
    process.exit(AGENT_EXIT.failed);
  }
}

await main(log);
