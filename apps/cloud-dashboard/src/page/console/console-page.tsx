import { PageHead } from "../ui/page-head.tsx";
import { Problem } from "../ui/problem.tsx";
import { useSearchTexts } from "../ui/search-texts.ts";
import { AnswerPane } from "./answer-pane.tsx";
import { Docs } from "./docs.tsx";
import { QueryPane } from "./query-pane.tsx";
import { useConsole } from "./use-console.ts";
import { useSchema } from "./use-schema.ts";

/** Asks the cloud whatever its schema knows, with the credential of the page. */
export function Page() {
  const { schema, error } = useSchema();
  const [{ type }, change] = useSearchTexts("type");
  const state = useConsole();
  const show = (name: string) => change({ type: name });
  return (
    <>
      <PageHead
        title="GraphiQL"
        about="Asks as you, with your rights. What is sealed comes sealed: weir and the other pages open it."
      />
      {error !== null && <Problem error={error} />}
      <div className="grid gap-4 lg:grid-cols-2">
        <QueryPane state={state} schema={schema} show={show} />
        <AnswerPane state={state} />
      </div>
      <div className="mt-4">
        <Docs schema={schema} type={type} show={show} />
      </div>
    </>
  );
}
