import { useEffect, useRef, useState } from "react";
import { keepDraft, keepQuery, keptDraft, keptQueries } from "./kept-queries.ts";
import { operationsOf, readVariables, type TypedOperation } from "./operations-of.ts";
import { linkedQuery } from "./linked-query.ts";
import { type Answered, runOperation } from "./run-operation.ts";

const EXAMPLE = `# Ctrl-Space completes, Ctrl-Enter sends, Ctrl and a click on a field shows its docs.
query NewestRuns {
  flowRuns(first: 5) {
    nodes {
      id
      name
      state
      startedAt
    }
  }
}
`;

/** What the console knows and can do. */
export interface Console {
  readonly text: string;
  readonly setText: (text: string) => void;
  readonly variables: string;
  readonly setVariables: (text: string) => void;
  readonly operations: readonly TypedOperation[];
  /** Name of the one that is sent, where there are several. */
  readonly chosen: string | null;
  readonly choose: (name: string) => void;
  readonly sent: readonly string[];
  readonly setSent: (sent: readonly string[]) => void;
  readonly run: () => void;
  /** Null: nothing is on its way. */
  readonly stop: (() => void) | null;
  readonly answer: Answered | null;
  /** Messages of the subscription so far; the answer is the newest. */
  readonly messages: number;
  readonly error: unknown;
}

/** The state of the console. What is being written is kept in this browser; variables and answers are not. */
export function useConsole(): Console {
  const [text, setText] = useState(() => linkedQuery(location.hash) ?? keptDraft() ?? EXAMPLE);
  const [variables, setVariables] = useState("");
  const [name, choose] = useState<string | null>(null);
  const [sent, setSent] = useState(keptQueries);
  const operations = operationsOf(text);
  const chosen = operations.find((each) => each.name === name) ?? operations[0];
  const { start, ...running } = useRunning();
  useEffect(() => keepDraft(text), [text]);
  const run = () => {
    setSent(keepQuery(text));
    void start(async function* (signal) {
      const asked = { query: text, variables: readVariables(variables), operationName: chosen?.name ?? null };
      yield* runOperation(asked, chosen?.kind === "subscription", signal);
    });
  };
  return {
    text,
    setText,
    variables,
    setVariables,
    operations,
    chosen: chosen?.name ?? null,
    choose,
    sent,
    setSent,
    run,
    ...running,
  };
}

type Running = Pick<Console, "stop" | "answer" | "messages" | "error">;

/** One operation at a time: the next one ends the one before. */
function useRunning() {
  const [state, setState] = useState<Omit<Running, "stop"> & { readonly isRunning: boolean }>({
    answer: null,
    messages: 0,
    error: null,
    isRunning: false,
  });
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);
  const start = async (answers: (signal: AbortSignal) => AsyncGenerator<Answered>) => {
    current.current?.abort();
    const { signal } = (current.current = new AbortController());
    setState({ answer: null, messages: 0, error: null, isRunning: true });
    try {
      for await (const answer of answers(signal)) {
        if (signal.aborted) return;
        setState((old) => ({ ...old, answer, messages: old.messages + 1 }));
      }
      if (!signal.aborted) setState((old) => ({ ...old, isRunning: false }));
    } catch (error) {
      if (!signal.aborted) setState((old) => ({ ...old, error, isRunning: false }));
    }
  };
  const stop = () => {
    current.current?.abort();
    setState((old) => ({ ...old, isRunning: false }));
  };
  const { isRunning, ...told } = state;
  return { start, ...told, stop: isRunning ? stop : null };
}
