interface ActorProps {
  readonly kind: string;
  readonly id: string | null;
  readonly names: ReadonlyMap<string, string>;
}

/** Who did something: by name where the viewer may know it. */
export function Actor({ kind, id, names }: ActorProps) {
  if (id === null) return <>{kind}</>;
  const name = names.get(id);
  return <span title={id}>{name ?? `${kind} ${id.slice(0, 8)}…`}</span>;
}
