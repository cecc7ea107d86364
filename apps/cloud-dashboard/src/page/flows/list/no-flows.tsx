import { Link } from "@tanstack/react-router";
import { commandHere } from "../../ui/command-here.ts";
import { Empty } from "../../ui/empty.tsx";

/** Where there is no flow to show: how one comes to be here. */
export function NoFlows({ isNarrowed }: { readonly isNarrowed: boolean }) {
  if (isNarrowed)
    return (
      <Empty title="No flow fits">
        <Link to="/flows">Show all of them</Link>
      </Empty>
    );
  return (
    <Empty
      title="There is no flow yet"
      command={commandHere("weir register flows/report.ts\nweir run flows/report.ts")}
    >
      A flow is registered from a file on your side; its code stays there. <code>weir run FILE</code> registers it and
      runs it at once. The first line is needed once.
    </Empty>
  );
}
