import { QueryClient } from "@tanstack/react-query";
import { Refused } from "../cloud/refused.ts";

/** What the page knows of the cloud. */
export const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // The cloud's refusals are answers. What passes is asked again, with growing pauses.
      retry: (count, error) => error instanceof Refused && error.isPassing && count < 5,
      retryDelay: (count) => Math.min(1_000 * 2 ** count, 15_000),
    },
  },
});
