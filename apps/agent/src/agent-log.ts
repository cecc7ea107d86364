/** The part of pino that the agent's parts write to. */
export interface AgentLog {
  debug(details: object, sentence: string): void;
  info(details: object, sentence: string): void;
  info(sentence: string): void;
  warn(details: object, sentence: string): void;
  warn(sentence: string): void;
  error(details: object, sentence: string): void;
  error(sentence: string): void;
}
