import { onlineManager, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { Refused } from "../cloud/refused.ts";
import { onSignedOut, takeKeyOfAddress } from "../session/credential.ts";
import { returnToPlace } from "../session/kept-place.ts";
import { applyTheme } from "./theme.ts";
import { router } from "./router.tsx";

takeKeyOfAddress();
returnToPlace();
applyTheme();

// Whom the cloud does not know asks it nothing: strangers have few questions a minute, and signing in is one of them.
onSignedOut((isOut) => onlineManager.setOnline(!isOut));

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
