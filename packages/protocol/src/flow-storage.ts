import Type from "typebox";
import { config, group, message, metadata } from "./data-class.ts";
import { fields } from "./fields.ts";
import { LIMITS } from "./limits.ts";

/** Code in a directory of the agent's machine. `files` are all files below the directory that the entry imports, node_modules left out. */
const LocalStorage = message({
  kind: metadata(Type.Literal("local")),
  directory: config(fields.text(LIMITS.locationLength)),
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

/** The whole of another storage, sealed for the agents. */
const SealedStorage = message({
  kind: metadata(Type.Literal("sealed")),
  /** A JWE in general JSON form. */
  box: config(fields.json()),
});

/** Where a flow's code lies: always at the user's place. A union, so that git, S3 and images can join. */
export const FlowStorage = Type.Union([LocalStorage]);
export type FlowStorage = Type.Static<typeof FlowStorage>;

/** A storage as it crosses. */
export const WireStorage = Type.Union([LocalStorage, SealedStorage]);
export type WireStorage = Type.Static<typeof WireStorage>;
export const flowStorageGroup = () => group(Type.Union([LocalStorage, SealedStorage]));
