import { getRouteApi } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { AreaField } from "../../ui/field.tsx";
import { Button } from "../../ui/button.tsx";
import { Loading } from "../../ui/loading.tsx";
import { Panel } from "../../ui/panel.tsx";
import type { FieldProblem } from "../form/field-problems.ts";
import type { FormFacts } from "./form-facts.ts";
import { FormBoundary } from "./form-boundary.tsx";
import type { Typed } from "./typed-values.ts";

const SchemaForm = lazy(async () => ({ default: (await import("../form/schema-form.tsx")).SchemaForm }));
const route = getRouteApi("/flows/$flowId/run");

interface ParametersPanelProps {
  readonly facts: FormFacts;
  readonly typed: Typed;
  readonly change: (typed: Typed) => void;
  /** Goes to the other way of typing, with what was typed. */
  readonly turn: (as: Typed["as"]) => void;
  readonly problems: readonly FieldProblem[];
}

/** Parameters: a form, and an editor for what a form cannot say. */
export function ParametersPanel({ facts, typed, change, turn, problems }: ParametersPanelProps) {
  const { schema, checker, why } = facts;
  const hasForm = schema !== null && checker !== null;
  return (
    <Panel title="Parameters" actions={hasForm && <Tabs as={typed.as} turn={turn} />}>
      {why !== null && <p className="mb-3 text-muted">{why}</p>}
      {typed.as === "fields" && hasForm ? (
        <FormBoundary instead={() => turn("json")}>
          <Suspense fallback={<Loading rows={5} />}>
            <SchemaForm
              schema={schema}
              checker={checker}
              values={typed.values}
              change={(values) => change({ as: "fields", values })}
              problems={problems}
            />
          </Suspense>
        </FormBoundary>
      ) : (
        <>
          <AreaField
            label="As JSON"
            rows={12}
            value={typed.as === "json" ? typed.text : JSON.stringify(typed.values, null, 2)}
            onChange={({ target }) => change({ as: "json", text: target.value })}
            aria-invalid={problems.length > 0}
          />
          <ProblemList problems={problems} />
        </>
      )}
    </Panel>
  );
}

function ProblemList({ problems }: { readonly problems: readonly FieldProblem[] }) {
  return (
    <ul className="text-bad">
      {problems.map(({ path, message }) => (
        <li key={`${path.join(".")} ${message}`}>
          {path.length > 0 && <code>{path.join(".")}</code>} {message}
        </li>
      ))}
    </ul>
  );
}

function Tabs({ as, turn }: { readonly as: Typed["as"]; readonly turn: (as: Typed["as"]) => void }) {
  const navigate = route.useNavigate();
  const go = (next: Typed["as"]) => {
    turn(next);
    void navigate({
      replace: true,
      search: ({ from }) => ({ ...(from === undefined ? {} : { from }), ...(next === "json" ? { as: next } : {}) }),
    });
  };
  return (
    <div role="group" aria-label="How to give them" className="flex gap-1">
      <Button kind={as === "fields" ? "plain" : "quiet"} aria-pressed={as === "fields"} onClick={() => go("fields")}>
        Form
      </Button>
      <Button kind={as === "json" ? "plain" : "quiet"} aria-pressed={as === "json"} onClick={() => go("json")}>
        JSON
      </Button>
    </div>
  );
}
