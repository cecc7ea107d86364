/** Reads the values of many keys in one statement. */
type BatchRead<V> = (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>;

interface OpenBatch {
  readonly keys: Set<string>;
  readonly values: Promise<ReadonlyMap<string, unknown>>;
}

/** Joins questions. One per request. */
export interface Batches {
  /**
   * Asks for the value of one key. All keys that are asked for under one name within a turn of the event loop become one `read`;
   * the name must hold everything that `read` depends on, such as the field's arguments.
   */
  ask<V>(name: string, key: string, read: BatchRead<V>): Promise<V | undefined>;
}

/** Joins, but remembers nothing: a subscription lives long, and an answer of its first message would be wrong in its second. */
export function createBatches(): Batches {
  const open = new Map<string, OpenBatch>();

  function openBatch<V>(name: string, read: BatchRead<V>): OpenBatch {
    const keys = new Set<string>();
    // setImmediate and not a microtask: rows of one list resolve over several microtasks.
    const values = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
      open.delete(name);
      return await read([...keys]);
    });
    const batch: OpenBatch = { keys, values };
    open.set(name, batch);
    return batch;
  }

  return {
    async ask<V>(name: string, key: string, read: BatchRead<V>) {
      const batch = open.get(name) ?? openBatch(name, read);
      batch.keys.add(key);
      const values = (await batch.values) as ReadonlyMap<string, V>;
      return values.get(key);
    },
  };
}
