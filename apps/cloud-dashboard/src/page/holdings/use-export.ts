import { useEffect, useRef, useState } from "react";
import { exportLines } from "./export-lines.ts";
import { pauseSeconds } from "./patiently.ts";

interface Exporting {
  readonly phase: "idle" | "exporting" | "stopped" | "over";
  readonly runs: number;
  readonly bytes: number;
  /** Address of the file within this page; null: there is none yet. */
  readonly file: string | null;
  readonly error: unknown;
}

const IDLE: Exporting = { phase: "idle", runs: 0, bytes: 0, file: null, error: null };

/** Lines that are told at once: a page that is drawn for each would be the slowest part. */
const LINES_OF_A_PART = 20;

/** Gathers all that the cloud holds into a file, a JSON document a line. It is gone with the page. */
export function useExport() {
  const [exporting, setExporting] = useState(IDLE);
  const current = useRef<AbortController>(null);
  const file = useRef<string>(null);
  const forget = () => {
    current.current?.abort();
    if (file.current !== null) URL.revokeObjectURL(file.current);
    file.current = null;
  };
  useEffect(() => forget, []);
  const start = async () => {
    forget();
    setExporting({ ...IDLE, phase: "exporting" });
    const { signal } = (current.current = new AbortController());
    // The browser keeps blobs where they do not fill the tab's memory.
    let blob = new Blob();
    let lines: string[] = [];
    let runs = 0;
    const tell = (more: Partial<Exporting>) => {
      blob = new Blob([blob, ...lines]);
      lines = [];
      setExporting((old) => ({ ...old, runs, bytes: blob.size, ...more }));
    };
    const end = (more: Partial<Exporting>) => {
      tell({});
      file.current = URL.createObjectURL(blob);
      tell({ file: file.current, ...more });
    };
    try {
      for await (const line of exportLines({ signal, pause: pauseSeconds })) {
        lines.push(`${JSON.stringify(line)}\n`);
        if (line.kind === "flow-run") runs += 1;
        if (lines.length === LINES_OF_A_PART) tell({});
        if (signal.aborted) break;
      }
      end({ phase: signal.aborted ? "stopped" : "over" });
    } catch (error) {
      end({ phase: "stopped", error: signal.aborted ? null : error });
    }
  };
  return { ...exporting, start, stop: () => current.current?.abort(), reset: () => (forget(), setExporting(IDLE)) };
}
