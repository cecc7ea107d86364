import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useSignedOut } from "../session/credential.ts";
import { SignIn } from "../session/sign-in.tsx";
import { useViewer } from "../session/viewer.ts";
import { Loading } from "../ui/loading.tsx";
import { AwayBar } from "./away-bar.tsx";
import { SideMenu } from "./side-menu.tsx";
import { useKeys } from "./use-keys.ts";

const PALETTE_MS = 1_500;
const loadPalette = () => import("./palette.tsx");
const Palette = lazy(loadPalette);
const KeysHelp = lazy(() => import("./keys-help.tsx"));

/** What stands around every page. */
export function Shell() {
  const signedOut = useSignedOut();
  const isKnown = useViewer() !== undefined;
  const [over, setOver] = useState<"palette" | "keys" | null>(null);
  const close = () => setOver(null);
  const openers = { palette: () => setOver("palette"), help: () => setOver("keys") };
  useKeys(openers);
  // Whoever presses ⌘K types on at once: the palette is fetched before, when the page itself is there.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette(), PALETTE_MS);
    return () => clearTimeout(timer);
  }, []);
  // Nothing is lost that was never there. Whoever was in keeps the page, below the form.
  if (signedOut && !isKnown) return <SignIn />;
  return (
    <div className="flex min-h-screen flex-col md:flex-row">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-30 focus:bg-panel focus:p-2">
        To the content
      </a>
      <SideMenu {...openers} />
      <div className="min-w-0 flex-1">
        <AwayBar />
        <main id="main" tabIndex={-1} className="mx-auto max-w-[100rem] p-4 outline-none md:p-6">
          <Suspense fallback={<Loading rows={6} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Suspense fallback={null}>
        {over === "palette" && <Palette close={close} />}
        {over === "keys" && <KeysHelp close={close} />}
      </Suspense>
      {signedOut && <SignIn />}
    </div>
  );
}
