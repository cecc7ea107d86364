import {
  Activity,
  Braces,
  Database,
  Gauge,
  KeyRound,
  LayoutDashboard,
  type LucideIcon,
  ScrollText,
  Server,
  Settings,
  ShieldCheck,
  Terminal,
  Users,
  Waves,
} from "lucide-react";

interface MenuEntry {
  readonly to: string;
  /** After `g`: goes there. */
  readonly key: string;
  readonly title: string;
  readonly Icon: LucideIcon;
}

/** The pages that have a place of their own, in the order of the menu. */
export const MENU = [
  { to: "/", key: "o", title: "Overview", Icon: LayoutDashboard },
  { to: "/runs", key: "r", title: "Runs", Icon: Activity },
  { to: "/flows", key: "f", title: "Flows", Icon: Waves },
  { to: "/agents", key: "a", title: "Agents", Icon: Server },
  { to: "/limits", key: "l", title: "Limits", Icon: Gauge },
  { to: "/kv", key: "k", title: "Key-value store", Icon: Database },
  { to: "/holdings", key: "h", title: "What the cloud holds", Icon: ShieldCheck },
  { to: "/browser-keys", key: "b", title: "Keys of this browser", Icon: KeyRound },
  { to: "/keys", key: "i", title: "API keys", Icon: Braces },
  { to: "/members", key: "m", title: "Members and roles", Icon: Users },
  { to: "/audit", key: "u", title: "Audit log", Icon: ScrollText },
  { to: "/graphiql", key: "q", title: "GraphiQL", Icon: Terminal },
  { to: "/settings", key: "s", title: "Settings", Icon: Settings },
] as const satisfies readonly MenuEntry[];
