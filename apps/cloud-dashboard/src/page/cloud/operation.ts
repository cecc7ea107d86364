/** An operation of the page, as the build found it in a `.graphql` file. */
export interface Operation<Data, Variables> {
  readonly name: string;
  readonly kind: string;
  /** SHA-256 of the text, by which the cloud knows it. */
  readonly id: string;
  readonly text: string;
  /** Carries the types; there is none at run time. */
  readonly types?: (variables: Variables) => Data;
}
