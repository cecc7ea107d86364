import Type from "typebox";
import { config, group, message, metadata } from "./data-class.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

/** `files` are all files below a directory that the entry imports, node_modules left out. */
const code = () => ({
  /** Path of the flow's file below the directory. */
  entry: config(fields.text(LIMITS.locationLength)),
  /** SHA-256 (hex) over the sorted lines `<file's SHA-256>  <path>\n`. */
  codeDigest: config(Type.String({ pattern: "^[0-9a-f]{64}$" })),
  files: group(
    Type.Array(
      message({
        path: config(fields.text(LIMITS.locationLength)),
        sha256: config(Type.String({ pattern: "^[0-9a-f]{64}$" })),
      }),
      { maxItems: 10_000 },
    ),
  ),
});

/** Code in a directory of the agent's machine. */
const LocalStorage = message({
  kind: metadata(Type.Literal("local")),
  directory: config(fields.text(LIMITS.locationLength)),
  ...code(),
});
export type LocalStorage = Type.Static<typeof LocalStorage>;

/** Code in the user's own storage, each file under its SHA-256. An agent fetches and checks it before anything of it is loaded. */
const StoredCode = message({
  kind: metadata(Type.Literal("stored")),
  /** Absolute path of a directory that registrar and agents share. */
  location: config(fields.text(LIMITS.locationLength)),
  ...code(),
});
export type StoredCode = Type.Static<typeof StoredCode>;

/** Where a file lies below the location of stored code. @example storedPath("ab12…") // "sha256/ab/ab12…" */
export function storedPath(sha256: string): string {
  return `sha256/${sha256.slice(0, 2)}/${sha256}`;
}

/** The whole of another storage, sealed for the agents. */
const SealedStorage = message({
  kind: metadata(Type.Literal("sealed")),
  /** A JWE in general JSON form. */
  box: config(fields.json()),
});

/** Where a flow's code lies: always at the user's place. A union, so that git, S3 and images can join. */
export const FlowStorage = Type.Union([LocalStorage, StoredCode]);
export type FlowStorage = Type.Static<typeof FlowStorage>;

/** A storage as it crosses. */
export const WireStorage = Type.Union([LocalStorage, StoredCode, SealedStorage]);
export type WireStorage = Type.Static<typeof WireStorage>;
export const flowStorageGroup = () => group(Type.Union([LocalStorage, StoredCode, SealedStorage]));
