import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";
import { durationText } from "../ui/time-text.ts";
import { CodeEditor } from "./code-editor.tsx";
import { ANSWER_EXTENSIONS } from "./editor-extensions.ts";
import type { Answered } from "./run-operation.ts";
import type { Console } from "./use-console.ts";

/** What the cloud answered, and what that cost. */
export function AnswerPane({ state: { answer, messages, error, stop } }: { readonly state: Console }) {
  return (
    <Panel
      title="Answer"
      flush
      className="mb-0"
      actions={answer !== null && <Cost answer={answer} messages={messages} />}
    >
      <div aria-live="polite">
        {error !== null && (
          <div className="p-4">
            <Problem error={error} />
          </div>
        )}
        {answer === null && error === null && (
          <p className="px-4 py-3 text-muted">
            {stop === null
              ? "Send an operation to see its answer. A mutation acts at once, and the audit log holds it."
              : "On its way …"}
          </p>
        )}
      </div>
      <CodeEditor
        text={answer?.text ?? ""}
        extensions={ANSWER_EXTENSIONS}
        className={answer === null ? "h-0" : "h-[34.6rem]"}
      />
    </Panel>
  );
}

interface CostProps {
  readonly answer: Answered;
  readonly messages: number;
}

function Cost({ answer: { cost, bytes, milliseconds }, messages }: CostProps) {
  return (
    <p className="text-[13px] text-muted tabular-nums">
      {messages > 1 && `message ${messages} · `}
      {cost !== null &&
        `cost ${Math.round(cost.asked).toLocaleString("en")} of ${cost.limit.toLocaleString("en")} fields · `}
      {bytes.toLocaleString("en")} bytes · {durationText(milliseconds)}
    </p>
  );
}
