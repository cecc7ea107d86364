import { Download } from "lucide-react";
import { useRef, useState } from "react";
import { sentenceOf } from "../cloud/refused.ts";
import type { LogsHeadQuery } from "../generated/operations.ts";
import { useHeldOpenings } from "../seal/held-keys.ts";
import { TEXT } from "../seal/openings.ts";
import { Button } from "../ui/button.tsx";
import { saveText } from "../ui/save-text.ts";
import type { LogsSearch } from "./logs-search.ts";
import { collectLines, MOST_LINES } from "./collect-lines.ts";
import { askLines } from "./use-log-book.ts";

interface DownloadLinesProps {
  readonly run: NonNullable<LogsHeadQuery["flowRun"]>;
  readonly search: LogsSearch;
}

/** Takes the lines that are shown along as a file. Sealed ones are in it as this browser opens them. */
export function DownloadLines({ run, search }: DownloadLinesProps) {
  const openings = useHeldOpenings();
  const [told, setTold] = useState<string | null>(null);
  const stop = useRef<AbortController>(null);
  const open = async (text: string) => {
    await openings.open(TEXT, text, run.sealKeys);
    const opening = openings.peek(TEXT, text);
    return opening.phase === "plain" || opening.phase === "opened" ? opening.value : "[sealed]";
  };
  const download = async () => {
    const going = (stop.current = new AbortController());
    setTold("0 lines…");
    try {
      const { attempt, ...filter } = search;
      const extents = (run.logExtents ?? []).filter((one) => attempt === undefined || one.attempt === attempt);
      const ask = (...range: readonly [number, number, number]) => askLines(run.id, filter, range, going.signal);
      const tell = (count: number) => setTold(`${count.toLocaleString("en")} lines…`);
      const { text, isCut } = await collectLines(extents, ask, open, tell);
      saveText(`${run.name}.log`, text);
      setTold(isCut ? `The first ${text.length.toLocaleString("en")} lines; for all: weir logs ${run.id}` : null);
    } catch (error) {
      setTold(going.signal.aborted ? null : sentenceOf(error));
    } finally {
      stop.current = null;
    }
  };
  const isBusy = stop.current !== null;
  return (
    <>
      <Button
        onClick={() => (isBusy ? stop.current?.abort() : void download())}
        title={`What is shown, up to ${MOST_LINES.toLocaleString("en")} lines`}
      >
        <Download size={15} aria-hidden /> {isBusy ? "Stop" : "Download"}
      </Button>
      {told !== null && (
        <span role="status" className="text-muted">
          {told}
        </span>
      )}
    </>
  );
}
