import { useNavigate } from "@tanstack/react-router";
import { createContext, type MouseEvent, use, useCallback } from "react";
import { OpenedText, type SealKeys } from "../seal/opened.tsx";
import type { TaskRow } from "./run-store.ts";

/** What a task run is called by. */
type Named = Pick<TaskRow, "number" | "task" | "mapIndex" | "key"> & Partial<Pick<TaskRow, "name">>;

/** Keys of what is sealed in the run whose task runs are shown: the names that flows give them may be. */
export const SealKeysOfRun = createContext<SealKeys>([]);

/** How a task run is told from the others of its task: by what it maps, or was called with. */
export function taskText({ key, mapIndex, task }: Pick<Named, "task" | "mapIndex" | "key">): string {
  if (mapIndex !== null) return `${task} [${mapIndex}]`;
  return key === null ? task : `${task} · ${key}`;
}

/**
 * A link to the page of a task run. A plain one: lists of thousands scroll past, and the router's own would cost each row more than the rest of it.
 * Around the list stands `onClick={useTaskLinks(runId)}`.
 */
export function TaskLink({ runId, taskRun }: { readonly runId: string; readonly taskRun: Named }) {
  const { name = null, number } = taskRun;
  const sealKeys = use(SealKeysOfRun);
  return (
    <a
      href={`/runs/${runId}/tasks/${number}`}
      data-task={number}
      title={`${taskText(taskRun)} #${number}`}
      className="min-w-0 truncate text-ink"
    >
      {taskText(taskRun)}
      {taskRun.mapIndex === null && <span className="text-muted"> #{number}</span>}
      {name !== null && (
        <span className="text-muted">
          {" "}
          <OpenedText text={name} sealKeys={sealKeys} brief />
        </span>
      )}
    </a>
  );
}

/** Follows the links of a list without loading the page anew. */
export function useTaskLinks(runId: string): (event: MouseEvent) => void {
  const navigate = useNavigate();
  return useCallback(
    (event) => {
      if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
      if (!(event.target instanceof Element)) return;
      const number = event.target.closest<HTMLElement>("a[data-task]")?.dataset["task"];
      if (number === undefined) return;
      event.preventDefault();
      void navigate({ to: "/runs/$runId/tasks/$number", params: { runId, number } });
    },
    [navigate, runId],
  );
}
