import { CopyText } from "../ui/copy-text.tsx";
import { Panel } from "../ui/panel.tsx";
import { policyLines } from "./policy-lines.ts";
import { useChosenPolicy } from "./use-chosen-policy.ts";

/** The lines that say what was chosen above. */
export function PolicyPanel() {
  const [chosen] = useChosenPolicy();
  const isSomething = Object.keys(chosen).length > 0;
  return (
    <Panel title="Your weir.boundary.yaml">
      {!isSomething && (
        <p className="mb-3 text-muted">
          Choose above what is to become of a class. Without a file, the defaults hold; this writes one with the
          defaults spelled out:
        </p>
      )}
      <CopyText
        text={isSomething ? policyLines(chosen) : "weir boundary init"}
        label={isSomething ? "Copy the lines" : "Copy the command"}
      />
      {isSomething && (
        <>
          <p className="mt-3 mb-2">Put them into the file beside your flows, and see what they do to your data:</p>
          <CopyText text="weir boundary check" label="Copy the command" />
        </>
      )}
      {Object.values(chosen).includes("seal") && (
        <p className="mt-3">
          To seal, name whoever may open it below <code>seal: recipients:</code>; <code>weir seal keygen</code> makes a
          key pair.
        </p>
      )}
      <p className="mt-3 text-muted">
        It holds for what leaves from then on, and agents read it when they start. What is here already stays as it is.
        The strictest of file, flow and run wins, and the cloud can only make it stricter. More in docs/boundary.md and
        docs/what-leaves.md of your checkout.
      </p>
    </Panel>
  );
}
