import { Link } from "@tanstack/react-router";
import { useChange } from "../cloud/use-cloud.ts";
import { CancelRuns, RestartRuns } from "../generated/operations.ts";
import { useMay } from "../session/viewer.ts";
import { Button } from "../ui/button.tsx";
import { Confirm } from "../ui/confirm.tsx";
import { countText } from "../ui/count-text.ts";
import type { Choice } from "./runs-choice.ts";

interface Outcome {
  readonly changed: number;
  /** Not looked at. */
  readonly left: number;
  readonly refused: readonly { readonly count: number; readonly ids: readonly string[]; readonly message: string }[];
}

/** What was done to many runs. */
export interface Done {
  readonly verb: "cancelled" | "restarted";
  readonly outcome: Outcome;
}

interface RunsBulkProps {
  readonly choice: Choice;
  /** All that the filter finds, to choose instead; null: there are no more than those. */
  readonly chooseFound: { readonly count: number; readonly act: () => void } | null;
  readonly none: () => void;
  readonly done: (done: Done) => void;
}

/** What can be done with the runs that are chosen; how many they are is told before anything is. */
export function RunsBulk({ choice, chooseFound, none, done }: RunsBulkProps) {
  const cancel = useChange(CancelRuns, ({ cancelFlowRuns }) => cancelFlowRuns);
  const restart = useChange(RestartRuns, ({ restartFlowRuns }) => restartFlowRuns);
  const [mayCancel, mayRestart] = [useMay("run:control"), useMay("run:start")];
  const runs = countText(choice.expectedCount, "run");
  const act = async (verb: Done["verb"], outcome: Promise<Outcome>) => {
    done({ verb, outcome: await outcome });
    none();
  };
  return (
    <div
      role="region"
      aria-label="Chosen runs"
      className="sticky top-2 z-10 mb-3 flex flex-wrap items-center gap-2 rounded-lg border border-accent bg-panel px-4 py-2 shadow-md"
    >
      <p className="mr-auto font-medium">
        {runs} chosen{choice.filter !== undefined && ": all that the filter finds"}
      </p>
      {chooseFound !== null && (
        <Button kind="quiet" onClick={chooseFound.act}>
          Choose all {chooseFound.count.toLocaleString("en")}
        </Button>
      )}
      {mayCancel && (
        <Confirm verb="Cancel" kind="danger" act={() => act("cancelled", cancel.mutateAsync({ input: choice }))}>
          {runs} will be cancelled, with what they started. Those that an agent holds stop within seconds. What is over
          stays as it is.
        </Confirm>
      )}
      {mayRestart && (
        <Confirm verb="Restart" act={() => act("restarted", restart.mutateAsync({ input: choice }))}>
          {runs} will begin a new attempt: what had succeeded in them is not run again. Those that are not over, or
          ended well, stay as they are.
        </Confirm>
      )}
      <Button kind="quiet" onClick={none}>
        Choose none
      </Button>
    </div>
  );
}

/** How it went, and what was left as it was, with the reasons. */
export function BulkOutcome({ verb, outcome: { changed, left, refused } }: Done) {
  return (
    <>
      <p className="font-medium">
        {countText(changed, "run")} {verb}
        {left > 0 && `; ${left.toLocaleString("en")} were not looked at, because the connection was lost`}.
      </p>
      {refused.map(({ count, ids, message }) => (
        <p key={message} className="mt-1 text-muted">
          {countText(count, "run")} left as {count === 1 ? "it was" : "they were"}: {message}{" "}
          {count > 1 &&
            ids.map((id) => (
              <Link key={id} to="/runs/$runId" params={{ runId: id }} className="mr-2 font-mono text-[12px]">
                {id.slice(-8)}
              </Link>
            ))}
        </p>
      ))}
    </>
  );
}
