import type { GraphQLSchema } from "graphql";
import { useEffectEvent, useMemo } from "react";
import { Button } from "../ui/button.tsx";
import { Panel } from "../ui/panel.tsx";
import { CodeEditor } from "./code-editor.tsx";
import { queryExtensions, variablesExtensions } from "./editor-extensions.ts";
import { prettified } from "./operations-of.ts";
import { ShareLink } from "./share-link.tsx";
import { SentBefore } from "./sent-before.tsx";
import type { Console } from "./use-console.ts";

interface QueryPaneProps {
  readonly state: Console;
  readonly schema: GraphQLSchema | null;
  /** Shows the docs of a type. */
  readonly show: (type: string) => void;
}

/** What is asked. */
export function QueryPane({ state, schema, show }: QueryPaneProps) {
  const { text, setText, variables, setVariables, run } = state;
  const runNow = useEffectEvent(() => run());
  const showNow = useEffectEvent((type: string) => show(type));
  const query = useMemo(
    () => queryExtensions(schema, { run: () => runNow(), show: (type) => showNow(type) }),
    [schema],
  );
  const inVariables = useMemo(() => variablesExtensions({ run: () => runNow() }), []);
  return (
    <Panel title="Operation" flush actions={<Actions state={state} />} className="mb-0">
      <CodeEditor text={text} change={setText} extensions={query} className="h-[26rem]" />
      <h3 className="border-y border-line px-4 py-1 text-[13px] text-muted">Variables, in JSON</h3>
      <CodeEditor text={variables} change={setVariables} extensions={inVariables} className="h-28" />
    </Panel>
  );
}

function Actions({ state }: { readonly state: Console }) {
  const { text, setText, operations, chosen, choose, run, stop } = state;
  return (
    <div className="flex flex-wrap items-center gap-2">
      {operations.length > 1 && (
        <select
          aria-label="Operation that is sent"
          value={chosen ?? ""}
          onChange={(event) => choose(event.target.value)}
          className="min-h-8 rounded-md border border-line bg-ground px-2"
        >
          {operations.map(({ name }) => (
            <option key={name} value={name ?? ""}>
              {name}
            </option>
          ))}
        </select>
      )}
      <SentBefore state={state} />
      <ShareLink text={text} />
      <Button onClick={() => setText(prettified(text))}>Prettify</Button>
      {stop === null ? (
        <Button kind="main" onClick={run} title="Ctrl or ⌘ with Enter">
          Send
        </Button>
      ) : (
        <Button kind="danger" onClick={stop}>
          Stop
        </Button>
      )}
    </div>
  );
}
