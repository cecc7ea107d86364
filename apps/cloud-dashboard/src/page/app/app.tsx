import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Refused } from "../cloud/refused.ts";
import { takeKeyOfAddress } from "../session/credential.ts";
import { applyTheme } from "./theme.ts";
import { router } from "./router.tsx";

takeKeyOfAddress();
applyTheme();

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      // The cloud's refusals are answers. What passes is asked again, with growing pauses.
      retry: (count, error) => error instanceof Refused && error.isPassing && count < 5,
      retryDelay: (count) => Math.min(1_000 * 2 ** count, 15_000),
    },
  },
});

/** The whole page. */
export function App() {
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
