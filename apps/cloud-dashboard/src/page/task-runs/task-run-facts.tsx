import { Fact } from "../flow-runs/run-head.tsx";
import { segmentsOf, spentIn } from "../flow-runs/timeline-segments.ts";
import type { TaskRunWholeFragment } from "../generated/operations.ts";
import { OpenedText, type SealKeys } from "../seal/opened.tsx";
import { bytesText } from "../ui/bytes-text.ts";
import { Panel } from "../ui/panel.tsx";
import { durationText } from "../ui/time-text.ts";
import { Moment, useNow } from "../ui/time.tsx";

interface TaskRunFactsProps {
  readonly taskRun: TaskRunWholeFragment;
  readonly sealKeys: SealKeys;
}

/** What is known of a task run beside its states. */
export function TaskRunFacts({ taskRun, sealKeys }: TaskRunFactsProps) {
  const { approvalMessage, approvedAt, attempt, endedAt, key, loopCount, startTime, startedAt, tags, tryNumber } =
    taskRun;
  return (
    <Panel>
      <dl className="flex flex-wrap gap-x-8 gap-y-3">
        <Fact name="Started">
          <Moment at={startedAt} />
        </Fact>
        <Fact name="Ended">
          <Moment at={endedAt} />
        </Fact>
        <Spent taskRun={taskRun} />
        <Fact name="Try">{tryNumber === 0 ? "–" : tryNumber}</Fact>
        <Fact name="Attempt of the run">{attempt}</Fact>
        {startTime !== null && endedAt === null && (
          <Fact name="Not before">
            <Moment at={startTime} />
          </Fact>
        )}
        {key !== null && <Fact name="Key">{key}</Fact>}
        {tags.length > 0 && <Fact name="Tags">{tags.join(", ")}</Fact>}
        {loopCount !== null && <Fact name="Turns">{loopCount}</Fact>}
        {approvedAt !== null && (
          <Fact name="Approved">
            <Moment at={approvedAt} /> <OpenedText text={approvalMessage} sealKeys={sealKeys} />
          </Fact>
        )}
        <Result taskRun={taskRun} sealKeys={sealKeys} />
      </dl>
    </Panel>
  );
}

function Spent({ taskRun }: { readonly taskRun: TaskRunWholeFragment }) {
  const segments = segmentsOf(taskRun, useNow(1_000));
  const waited = spentIn(segments, "wait") + spentIn(segments, "pause");
  return (
    <>
      <Fact name="Waited its turn">{durationText(spentIn(segments, "queue"))}</Fact>
      <Fact name="Ran">{durationText(spentIn(segments, "run"))}</Fact>
      {waited > 0 && <Fact name="Waited between tries">{durationText(waited)}</Fact>}
    </>
  );
}

function Result({ taskRun: { location, resultBytes }, sealKeys }: TaskRunFactsProps) {
  if (location === null) return null;
  return (
    <Fact name="Result, at your place">
      <code className="font-mono text-[13px] break-all">
        <OpenedText text={location} sealKeys={sealKeys} />
      </code>{" "}
      <span className="text-muted">{bytesText(resultBytes)}</span>
    </Fact>
  );
}
