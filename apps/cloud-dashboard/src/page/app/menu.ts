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
  readonly title: string;
  readonly Icon: LucideIcon;
}

/** The pages that have a place of their own, in the order of the menu. */
export const MENU = [
  { to: "/", title: "Overview", Icon: LayoutDashboard },
  { to: "/runs", title: "Runs", Icon: Activity },
  { to: "/flows", title: "Flows", Icon: Waves },
  { to: "/agents", title: "Agents", Icon: Server },
  { to: "/limits", title: "Limits", Icon: Gauge },
  { to: "/kv", title: "Key-value store", Icon: Database },
  { to: "/holdings", title: "What the cloud holds", Icon: ShieldCheck },
  { to: "/browser-keys", title: "Keys of this browser", Icon: KeyRound },
  { to: "/keys", title: "API keys", Icon: Braces },
  { to: "/members", title: "Members and roles", Icon: Users },
  { to: "/audit", title: "Audit log", Icon: ScrollText },
  { to: "/graphiql", title: "GraphiQL", Icon: Terminal },
  { to: "/settings", title: "Settings", Icon: Settings },
] as const satisfies readonly MenuEntry[];
