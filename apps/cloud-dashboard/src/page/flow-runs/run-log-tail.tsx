import { Link } from "@tanstack/react-router";
import { useCloud } from "../cloud/use-cloud.ts";
import { RunLogTail, type RunLogTailQuery } from "../generated/operations.ts";
import { LineText } from "../logs/line-text.tsx";
import { TEXT, type SealKeys } from "../seal/openings.ts";
import { OpeningText } from "../seal/opened.tsx";
import { useOpenings } from "../seal/use-opened.ts";
import { useMay } from "../session/viewer.ts";
import { Loading } from "../ui/loading.tsx";
import { Panel } from "../ui/panel.tsx";
import { Problem } from "../ui/problem.tsx";

interface RunLogTailProps {
  readonly runId: string;
  readonly sealKeys: SealKeys;
  /** Only lines of this task run. */
  readonly taskRun?: number;
  /** More may come. */
  readonly isOpen: boolean;
}

/** The last lines of a run's log, and the way to all of them. */
export function LogTail({ runId, sealKeys, taskRun, isOpen }: RunLogTailProps) {
  const mayRead = useMay("log:read");
  const filter = taskRun === undefined ? null : { taskRunNumber: taskRun };
  const { data, error } = useCloud(
    RunLogTail,
    { id: runId, filter },
    { enabled: mayRead, ...(isOpen ? { every: 2_000 } : {}) },
  );
  const all = (
    <Link to="/runs/$runId/logs" params={{ runId }} search={taskRun === undefined ? {} : { taskRun }}>
      The whole log
    </Link>
  );
  return (
    <Panel title="Last lines of the log" actions={mayRead && all} flush>
      {mayRead ? (
        <Tail lines={data?.flowRun?.logs?.nodes} error={error} sealKeys={sealKeys} />
      ) : (
        <p className="p-4 text-muted">
          Your role may not read logs (<code>log:read</code>).
        </p>
      )}
    </Panel>
  );
}

type Line = NonNullable<NonNullable<RunLogTailQuery["flowRun"]>["logs"]>["nodes"][number];

interface TailProps {
  readonly lines: readonly Line[] | undefined;
  readonly error: Error | null;
  readonly sealKeys: SealKeys;
}

function Tail({ lines, error, sealKeys }: TailProps) {
  const openings = useOpenings(TEXT, lines?.map(({ text }) => text) ?? [], sealKeys);
  if (lines === undefined) return error === null ? <Loading rows={4} /> : <Problem error={error} />;
  if (lines.length === 0) return <p className="px-4 py-6 text-center text-muted">Nothing was written.</p>;
  return (
    <div
      role="log"
      aria-label="Last lines of the log"
      tabIndex={0}
      className="flex max-h-[50vh] flex-col-reverse overflow-y-auto py-1 font-mono text-[13px]"
    >
      {/* Turned round, so that the newest line stays in sight. */}
      {lines.toReversed().map((line, index) => {
        const opening = openings[lines.length - 1 - index];
        return (
          <div key={`${line.attempt}.${line.number}`} className="flex gap-3 px-4 hover:bg-raised">
            <span className={`w-11 shrink-0 uppercase ${LEVELS[line.level]}`}>{line.level}</span>
            <span className="hidden w-36 shrink-0 truncate text-muted md:inline">{whoOf(line)}</span>
            <span className="min-w-0 flex-1 break-words whitespace-pre-wrap">
              {opening && <OpeningText opening={opening} brief show={(text) => <LineText text={text} found="" />} />}
            </span>
          </div>
        );
      })}
    </div>
  );
}

const LEVELS: Readonly<Record<Line["level"], string>> = {
  trace: "text-muted",
  debug: "text-muted",
  info: "text-muted",
  warn: "text-warn",
  error: "text-bad",
  fatal: "text-bad",
};

const whoOf = ({ task, taskRunNumber, logger }: Line) => (task === null ? logger : `${task} #${taskRunNumber}`);
