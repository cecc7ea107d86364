import { makeId } from "@weir/protocol/ids";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ask, done } from "../cloud/ask.ts";
import { EraseHoldings, type EraseHoldingsInput } from "../generated/operations.ts";
import { type Erased, eraseAll } from "./erase-all.ts";
import { pauseSeconds } from "./patiently.ts";

interface Erasing {
  readonly phase: "idle" | "erasing" | "stopped" | "over";
  /** Null: no part was erased yet. */
  readonly erased: Erased | null;
  readonly error: unknown;
}

const IDLE: Erasing = { phase: "idle", erased: null, error: null };

/** Erases what the cloud holds, part by part, and tells how far it has come. Ends with the page. */
export function useErasing() {
  const client = useQueryClient();
  const [erasing, setErasing] = useState(IDLE);
  const current = useRef<AbortController>(null);
  useEffect(() => () => current.current?.abort(), []);
  const start = async (input: EraseHoldingsInput) => {
    const { signal } = (current.current = new AbortController());
    const erase = async () => done((await ask(EraseHoldings, { input }, { idempotencyKey: makeId() })).eraseHoldings);
    const tell = (erased: Erased) => setErasing((old) => ({ ...old, erased }));
    setErasing({ ...IDLE, phase: "erasing" });
    try {
      await eraseAll({ erase, tell, signal, pause: pauseSeconds });
      setErasing((old) => ({ ...old, phase: signal.aborted ? "stopped" : "over" }));
    } catch (error) {
      setErasing((old) => ({ ...old, phase: "stopped", error: signal.aborted ? null : error }));
    }
    await client.invalidateQueries();
  };
  return { ...erasing, start, stop: () => current.current?.abort(), reset: () => setErasing(IDLE) };
}
