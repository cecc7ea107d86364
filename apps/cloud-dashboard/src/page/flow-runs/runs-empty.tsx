import { Link } from "@tanstack/react-router";
import { Empty } from "../ui/empty.tsx";

/** Where the list holds nothing: because of the filters, or because nothing was ever started. */
export function RunsEmpty({ isNarrowed }: { readonly isNarrowed: boolean }) {
  if (isNarrowed)
    return (
      <Empty title="No run is like this">
        The filters leave nothing over. <Link to="/runs">Look at all runs</Link>.
      </Empty>
    );
  return (
    <Empty title="No runs yet" command={`weir login --url ${location.origin}\nweir run flows/report.flow.ts`}>
      Type this in the folder where your flows are: it registers the flow of the file, starts a run, and follows it. Or
      start one from <Link to="/flows">the page of a flow</Link>.
    </Empty>
  );
}
