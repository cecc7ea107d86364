import { sentenceOf } from "../cloud/refused.ts";
import { Button } from "./button.tsx";

interface ProblemProps {
  readonly error: unknown;
  readonly again?: () => void;
}

/** What went wrong, in the words of whoever said it, and what to do. */
export function Problem({ error, again }: ProblemProps) {
  return (
    <div role="alert" className="mb-4 flex flex-wrap items-center gap-3 rounded-lg border border-bad bg-panel p-4">
      <p className="min-w-0 flex-1 break-words text-bad">{sentenceOf(error)}</p>
      {again !== undefined && <Button onClick={again}>Try again</Button>}
    </div>
  );
}
