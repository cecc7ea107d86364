import { Link } from "@tanstack/react-router";
import { Empty } from "../../ui/empty.tsx";

/** Where there is no flow to show: how one comes to be here. */
export function NoFlows({ isNarrowed }: { readonly isNarrowed: boolean }) {
  if (isNarrowed)
    return (
      <Empty title="No flow fits">
        <Link to="/flows">Show all of them</Link>
      </Empty>
    );
  const commands = `export WEIR_API_URL=${location.origin}\nweir register flows/report.ts\nweir run flows/report.ts`;
  return (
    <Empty title="There is no flow yet" command={commands}>
      A flow is registered from a file on your side; its code stays there. <code>weir run FILE</code> registers it and
      runs it at once. Where you have signed in with <code>weir login</code>, the first line is not needed.
    </Empty>
  );
}
