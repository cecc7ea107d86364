interface UsageProps {
  readonly held: number;
  readonly slots: number;
}

/** How much of a limit is used: as words, and as a bar. */
export function Usage({ held, slots }: UsageProps) {
  if (slots === 0)
    return <span className="whitespace-nowrap text-bad">0: blocks all{held > 0 && `, ${held} still held`}</span>;
  const isFull = held >= slots;
  return (
    <div className="min-w-28">
      <span className="whitespace-nowrap tabular-nums">
        {held} of {slots} held{isFull && ", full"}
      </span>
      <div aria-hidden className="mt-1 h-1.5 overflow-hidden rounded-full bg-raised">
        <div
          className={isFull ? "h-full bg-warn" : "h-full bg-good"}
          style={{ width: `${Math.min(100, (held / slots) * 100)}%` }}
        />
      </div>
    </div>
  );
}
