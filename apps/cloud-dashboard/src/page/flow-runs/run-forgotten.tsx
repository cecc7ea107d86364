import type { RunHeadFragment } from "../generated/operations.ts";

/** Why there is nothing to look at in a run whose task runs the cloud has dropped. */
export function RunForgotten({ run }: { readonly run: RunHeadFragment }) {
  if (!run.isForgotten) return null;
  return (
    <section aria-labelledby="forgotten" className="mb-4 rounded-lg border border-line bg-panel p-4">
      <h2 id="forgotten" className="mb-1 font-semibold">
        Its details are forgotten
      </h2>
      <p className="max-w-prose">
        This run is older than this cloud keeps task runs, logs and artifacts. What it was and how it ended is left. It
        cannot be restarted; start a new one in its place.
      </p>
    </section>
  );
}
