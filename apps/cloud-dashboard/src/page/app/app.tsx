import { onlineManager, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { onSignedOut, takeKeyOfAddress } from "../session/credential.ts";
import { returnToPlace } from "../session/kept-place.ts";
import { client } from "./client.ts";
import { applyTheme } from "./theme.ts";
import { router } from "./router.tsx";

takeKeyOfAddress();
returnToPlace();
applyTheme();

// Whom the cloud does not know asks it nothing: strangers have few questions a minute, and signing in is one of them.
onSignedOut((isOut) => onlineManager.setOnline(!isOut));

/** The whole page. */
export function App() {
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
