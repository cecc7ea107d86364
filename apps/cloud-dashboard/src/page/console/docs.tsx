import type { GraphQLSchema } from "graphql";
import { useState } from "react";
import { FilterField } from "../ui/filter-field.tsx";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { DocsType, TypeButton } from "./docs-type.tsx";
import { searchSchema } from "./search-schema.ts";

interface DocsProps {
  readonly schema: GraphQLSchema | null;
  /** The one that is shown; "": where all begins. */
  readonly type: string;
  readonly show: (type: string) => void;
}

/** What can be asked, as the schema itself tells it. */
export function Docs({ schema, type, show }: DocsProps) {
  const [text, setText] = useState("");
  return (
    <Panel title="Docs">
      <div className="mb-3 max-w-sm">
        <FilterField label="Types and fields" value={text} change={setText} placeholder="flowRun" />
      </div>
      {schema === null && <Loading rows={6} />}
      {schema !== null && text !== "" && (
        <Found schema={schema} text={text} show={(name) => (setText(""), show(name))} />
      )}
      {schema !== null && text === "" && <Shown schema={schema} type={type} show={show} />}
    </Panel>
  );
}

function Shown({ schema, type, show }: DocsProps & { readonly schema: GraphQLSchema }) {
  const shown = type === "" ? undefined : schema.getType(type);
  if (shown !== undefined) return <DocsType schema={schema} type={shown} show={show} />;
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  return (
    <>
      {type !== "" && <p className="mb-2 text-muted">There is no type {type}.</p>}
      <ul className="space-y-1">
        {roots.flatMap((root) =>
          root
            ? [
                <li key={root.name}>
                  <TypeButton name={root.name} text={root.name} show={show} />
                  <span className="text-muted"> · {Object.keys(root.getFields()).length} fields</span>
                </li>,
              ]
            : [],
        )}
      </ul>
    </>
  );
}

interface FoundProps {
  readonly schema: GraphQLSchema;
  readonly text: string;
  readonly show: (type: string) => void;
}

function Found({ schema, text, show }: FoundProps) {
  const finds = searchSchema(schema, text);
  if (finds.length === 0) return <p className="text-muted">Nothing of the schema is called like that.</p>;
  return (
    <ul className="columns-1 sm:columns-2 lg:columns-3">
      {finds.map(({ type, field }) => (
        <li key={`${type}.${field}`}>
          <TypeButton name={type} text={field === null ? type : `${type}.${field}`} show={show} />
        </li>
      ))}
    </ul>
  );
}
