import { memoryStore, StoreError, type Store, type Where, type Written } from "@weir/results";

/** Says whose result a write or read was: `load`, `child[2]`, `loop@1` for a turn. */
export function place({ task, mapIndex, turn }: Pick<Where, "task" | "mapIndex" | "turn">): string {
  return `${task}${mapIndex === undefined ? "" : `[${mapIndex}]`}${turn === undefined ? "" : `@${turn}`}`;
}

/** How a store answers where it is meant to misbehave. */
export interface Trouble {
  /** Refuses to write results of these tasks. */
  readonly write?: readonly string[];
  /** Awaited before a result is written. */
  readonly slow?: (place: string) => Promise<void>;
  /** Answers of `read`, by the task whose result it is. */
  readonly read?: Readonly<Record<string, () => unknown>>;
}

/** A store that remembers whose result was written and read, and refuses what it is told to refuse. */
export class RecordingStore implements Store {
  readonly kind: string;
  readonly writes: string[] = [];
  readonly reads: string[] = [];
  readonly looked: string[] = [];
  readonly wheres: Where[] = [];
  trouble: Trouble = {};
  readonly #inner = memoryStore();
  readonly #owners = new Map<string, string>();

  constructor(kind = "recording") {
    this.kind = kind;
  }

  async write(value: unknown, where: Where): Promise<Written> {
    if (this.trouble.write?.includes(where.task)) {
      throw new StoreError("RESULT_WRITE_FAILED", `Could not write ${place(where)}: no rights. Grant them.`);
    }
    await this.trouble.slow?.(place(where));
    const written = await this.#inner.write(value, where);
    this.writes.push(place(where));
    this.wheres.push(where);
    this.#owners.set(written.location, place(where));
    return written;
  }

  async read(location: string): Promise<unknown> {
    const owner = this.#owners.get(location) ?? location;
    this.reads.push(owner);
    const answer = this.trouble.read?.[owner];
    return answer === undefined ? await this.#inner.read(location) : answer();
  }

  async exists(location: string): Promise<boolean> {
    this.looked.push(location);
    return await this.#inner.exists(location);
  }

  locate(where: Where): string {
    return this.#inner.locate?.(where) ?? `memory:${where.template ?? place(where)}`;
  }
}
