import { Link, Outlet } from "@tanstack/react-router";
import { Suspense } from "react";
import { useSignedOut } from "../session/credential.ts";
import { SignIn } from "../session/sign-in.tsx";
import { Loading } from "../ui/loading.tsx";
import { MENU } from "./menu.ts";
import { Corner } from "./corner.tsx";

/** What stands around every page. */
export function Shell() {
  const signedOut = useSignedOut();
  if (signedOut) return <SignIn />;
  return (
    <div className="flex min-h-screen flex-col md:flex-row">
      <a href="#main" className="sr-only focus:not-sr-only">
        To the content
      </a>
      <nav
        aria-label="Pages"
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-line bg-panel p-2 md:sticky md:top-0 md:h-screen md:w-52 md:flex-col md:overflow-y-auto md:border-r md:border-b-0"
      >
        <Link to="/" className="flex items-center gap-2 px-2 py-1.5 font-semibold text-ink">
          <img src="/weir.svg" alt="" width="22" height="22" /> Weir
        </Link>
        {MENU.map(({ to, title, Icon }) => (
          <Link
            key={to}
            to={to}
            activeOptions={{ exact: to === "/" }}
            className="flex items-center gap-2 rounded-md px-2 py-1.5 whitespace-nowrap text-ink hover:bg-raised hover:no-underline data-[status=active]:bg-raised data-[status=active]:font-semibold"
          >
            <Icon size={16} aria-hidden /> {title}
          </Link>
        ))}
        <Corner />
      </nav>
      <main id="main" className="min-w-0 flex-1 p-4 md:p-6">
        <Suspense fallback={<Loading rows={6} />}>
          <Outlet />
        </Suspense>
      </main>
    </div>
  );
}
