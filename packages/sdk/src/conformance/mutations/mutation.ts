/** A guard taken out of the engine. Some test must fail for it. */
export interface Mutation {
  /** What the engine does no more. */
  readonly name: string;
  /** Below `packages/sdk/src`. */
  readonly file: string;
  /** Stands there exactly once. */
  readonly find: string;
  readonly replace: string;
}

/** Mutations of one file: name, what is found, what is put in its place. */
export function inFile(
  file: string,
  ...list: readonly (readonly [name: string, find: string, replace: string])[]
): Mutation[] {
  return list.map(([name, find, replace]) => ({ name, file, find, replace }));
}
