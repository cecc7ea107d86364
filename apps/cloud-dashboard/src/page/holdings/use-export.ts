import { useEffect, useRef, useState } from "react";
import { ExportText } from "./export-text.ts";
import { fetchExport } from "./fetch-export.ts";

interface Exporting {
  /** `cut`: it ended before its end. */
  readonly phase: "idle" | "exporting" | "stopped" | "cut" | "over";
  readonly rows: number;
  readonly bytes: number;
  /** Address of the file within this page; null: there is none yet. */
  readonly file: string | null;
  readonly error: unknown;
}

const IDLE: Exporting = { phase: "idle", rows: 0, bytes: 0, file: null, error: null };

/** Pieces that are told at once: a page that is drawn for each would be the slowest part. */
const PIECES_OF_A_PART = 32;

/** Gathers everything that the cloud holds into a file, which is gone with the page. */
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
    const { signal } = (current.current = new AbortController());
    setExporting({ ...IDLE, phase: "exporting" });
    const tell = ({ blob, text }: Gathered, more: Partial<Exporting> = {}) =>
      setExporting((old) => ({ ...old, rows: text.rows, bytes: blob.size, ...more }));
    try {
      const gathered = await gather(signal, tell);
      file.current = URL.createObjectURL(gathered.blob);
      tell(gathered, { file: file.current, phase: gathered.text.isWhole ? "over" : "cut" });
    } catch (error) {
      setExporting((old) => ({ ...old, phase: "stopped", error: signal.aborted ? null : error }));
    }
  };
  return { ...exporting, start, stop: () => current.current?.abort(), reset: () => (forget(), setExporting(IDLE)) };
}

interface Gathered {
  /** The browser keeps blobs where they do not fill the tab's memory. */
  readonly blob: Blob;
  readonly text: ExportText;
}

/** @throws Refused, and what `fetch` throws when it is stopped */
async function gather(signal: AbortSignal, tell: (gathered: Gathered) => void): Promise<Gathered> {
  const text = new ExportText();
  const decoder = new TextDecoder();
  let blob = new Blob();
  let pieces: Uint8Array<ArrayBuffer>[] = [];
  const join = () => {
    blob = new Blob([blob, ...pieces]);
    pieces = [];
    return { blob, text };
  };
  for await (const piece of fetchExport(signal)) {
    pieces.push(piece);
    text.add(decoder.decode(piece, { stream: true }));
    if (pieces.length === PIECES_OF_A_PART) tell(join());
  }
  return join();
}
