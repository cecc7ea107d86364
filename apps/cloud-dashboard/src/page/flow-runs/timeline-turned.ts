import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";

/** Which task runs a person opened or folded, as the address says it, and how to turn one. */
export function useTurned(): [ReadonlySet<number>, (number: number) => void] {
  const { open } = useSearch({ from: "/runs/$runId" });
  const navigate = useNavigate({ from: "/runs/$runId" });
  const turned = useMemo(() => new Set(open), [open]);
  const turn = useCallback(
    (number: number) =>
      void navigate({
        replace: true,
        resetScroll: false,
        search: ({ open: before = [], ...others }) => {
          const after = before.includes(number) ? before.filter((one) => one !== number) : [...before, number];
          return after.length === 0 ? others : { ...others, open: after };
        },
      }),
    [navigate],
  );
  return [turned, turn];
}
