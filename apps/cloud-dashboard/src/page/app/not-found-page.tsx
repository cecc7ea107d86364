import { Link } from "@tanstack/react-router";

/** For an address that is no page. */
export function NotFoundPage() {
  return (
    <main className="p-8">
      <h1 className="text-xl font-semibold">There is no such page</h1>
      <p className="mt-2 text-muted">
        The address may be mistyped, or of another version of Weir. <Link to="/">Go to the overview</Link>.
      </p>
    </main>
  );
}
