import { Link, useLocation } from "@tanstack/react-router";
import { Menu, Search, X } from "lucide-react";
import { useState } from "react";
import { Button } from "../ui/button.tsx";
import { classNames } from "../ui/class-names.ts";
import { Corner } from "./corner.tsx";
import { MENU } from "./menu.ts";

interface SideMenuProps {
  readonly palette: () => void;
  readonly help: () => void;
}

/** The pages at the side; on narrow screens behind a button. */
export function SideMenu({ palette, help }: SideMenuProps) {
  const { pathname } = useLocation();
  // Open for the page on which it was opened: going anywhere closes it.
  const [openAt, setOpenAt] = useState<string | null>(null);
  const open = openAt === pathname;
  const Icon = open ? X : Menu;
  return (
    <header className="sticky top-0 z-20 shrink-0 border-b border-line bg-panel md:flex md:h-screen md:w-60 md:flex-col md:border-r md:border-b-0">
      <div className="flex items-center gap-1 p-2">
        <Link to="/" className="mr-auto flex items-center gap-2 px-2 py-1.5 font-semibold text-ink hover:no-underline">
          <img src="/weir.svg" alt="" width="22" height="22" /> Weir
        </Link>
        <Button
          kind="quiet"
          className="px-2"
          onClick={palette}
          aria-label="Find something"
          title="Find something (⌘K or Ctrl-K)"
        >
          <Search size={16} aria-hidden />
        </Button>
        <Button
          kind="quiet"
          className="px-2 md:hidden"
          aria-expanded={open}
          aria-controls="menu"
          aria-label="Menu"
          onClick={() => setOpenAt(open ? null : pathname)}
        >
          <Icon size={18} aria-hidden />
        </Button>
      </div>
      <div
        id="menu"
        className={classNames(
          "min-h-0 flex-1 flex-col px-2 pb-2 md:flex",
          open ? "flex max-h-[calc(100dvh-3rem)]" : "hidden",
        )}
      >
        <nav aria-label="Pages" className="min-h-0 flex-1 overflow-y-auto">
          <Pages />
        </nav>
        <Corner help={help} />
      </div>
    </header>
  );
}

function Pages() {
  return MENU.map(({ to, title, Icon }) => (
    <Link
      key={to}
      to={to}
      activeOptions={{ exact: to === "/", includeSearch: false }}
      className="flex items-center gap-2.5 rounded-md px-2 py-1.5 text-ink hover:bg-raised hover:no-underline data-[status=active]:bg-raised data-[status=active]:font-semibold"
    >
      <Icon size={16} aria-hidden className="shrink-0" /> {title}
    </Link>
  ));
}
