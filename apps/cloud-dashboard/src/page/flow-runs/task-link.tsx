import { useNavigate } from "@tanstack/react-router";
import { type MouseEvent, useCallback } from "react";
import type { TaskRow } from "./run-store.ts";

/** What a task run is called by. */
type Named = Pick<TaskRow, "number" | "task" | "mapIndex" | "key">;

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
  const { number } = taskRun;
  return (
    <a
      href={`/runs/${runId}/tasks/${number}`}
      data-task={number}
      title={`${taskText(taskRun)} #${number}`}
      className="min-w-0 truncate text-ink"
    >
      {taskText(taskRun)}
      {taskRun.mapIndex === null && <span className="text-muted"> #{number}</span>}
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
