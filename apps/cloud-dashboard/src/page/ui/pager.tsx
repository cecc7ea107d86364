import { Button } from "./button.tsx";
import { useSearchTexts } from "./search-texts.ts";

interface PageVariables {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}

/** Which page of a list the address asks for, as variables of its query. */
export function usePageOfList(rows: number): PageVariables {
  const [{ after, before }] = useSearchTexts("after", "before");
  if (before !== "") return { last: rows, before };
  return after === "" ? { first: rows } : { first: rows, after };
}

interface PagerProps {
  /** `pageInfo` of the list that is shown. */
  readonly page: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** To the pages before and after; absent where the list has one page. */
export function Pager({ page: { hasNextPage, hasPreviousPage, startCursor, endCursor } }: PagerProps) {
  const [{ after, before }, change] = useSearchTexts("after", "before");
  // Who came from one side can go back there, whatever the cloud looked at.
  const isBack = hasPreviousPage || after !== "";
  const isOn = hasNextPage || before !== "";
  if (!isBack && !isOn) return null;
  return (
    <nav aria-label="Pages of the list" className="flex justify-end gap-2 border-t border-line px-4 py-2">
      <Button disabled={!isBack} onClick={() => change({ before: startCursor ?? "", after: "" })}>
        Previous
      </Button>
      <Button disabled={!isOn} onClick={() => change({ after: endCursor ?? "", before: "" })}>
        Next
      </Button>
    </nav>
  );
}
