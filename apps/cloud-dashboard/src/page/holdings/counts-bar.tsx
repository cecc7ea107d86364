import type { Counts } from "./class-holdings.ts";

const PARTS = [
  { name: "sealed", of: "sealed", bar: "bg-sealed", text: "text-sealed" },
  { name: "pseudonyms", of: "as pseudonyms", bar: "bg-accent", text: "text-accent" },
  { name: "plain", of: "plain", bar: "bg-warn", text: "text-warn" },
] as const;

/** How many values are sealed, pseudonyms and plain: in words, and as a bar. */
export function CountsBar({ counts }: { readonly counts: Counts }) {
  const { values, isMore } = counts;
  if (values === 0) return <span className="text-muted">nothing</span>;
  return (
    <div className="min-w-40">
      <div aria-hidden className="flex h-2 gap-px overflow-hidden rounded-full bg-raised">
        {PARTS.map(({ name, bar }) => (
          <div key={name} className={bar} style={{ width: `${(counts[name] / values) * 100}%` }} />
        ))}
      </div>
      <p className="mt-1 flex flex-wrap gap-x-3 text-[13px] tabular-nums">
        <span>
          {values.toLocaleString("en")}
          {isMore && " and more"}
        </span>
        {PARTS.filter(({ name }) => counts[name] > 0).map(({ name, of, text }) => (
          <span key={name} className={text}>
            {counts[name].toLocaleString("en")} {of}
          </span>
        ))}
      </p>
    </div>
  );
}
