/** Holds the place of what is on its way, as tall as it will be, so that nothing jumps. */
export function Loading({ rows = 3 }: { readonly rows?: number }) {
  return (
    <div role="status" aria-label="Loading" className="animate-pulse p-4">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="mb-3 h-4 rounded bg-raised" />
      ))}
    </div>
  );
}
