import type { Json } from "@weir/protocol";

/** Keys of what is sealed in a run, as the cloud hands them out. */
export type SealKeys = readonly { readonly id: string; readonly key: string }[];

interface OpenedTextProps {
  readonly text: string | null | undefined;
  readonly sealKeys: SealKeys;
}

/** A text that may be sealed: opened in place with the keys of this browser. */
export function OpenedText({ text }: OpenedTextProps) {
  return <>{text ?? ""}</>;
}

interface OpenedJsonProps {
  readonly value: Json | null | undefined;
  readonly sealKeys: SealKeys;
}

/** A JSON value that may be sealed as a whole. */
export function OpenedJson({ value }: OpenedJsonProps) {
  return <pre className="overflow-x-auto font-mono text-[13px]">{JSON.stringify(value, null, 2)}</pre>;
}

interface OpenedFailureProps {
  /** `Failure` of the protocol. */
  readonly failure: Json | null | undefined;
  readonly sealKeys: SealKeys;
}

/** A failure with its causes, that may be sealed. */
export function OpenedFailure({ failure, sealKeys }: OpenedFailureProps) {
  return <OpenedJson value={failure} sealKeys={sealKeys} />;
}
