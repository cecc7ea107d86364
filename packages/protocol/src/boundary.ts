import Type from "typebox";
import { CLASS_ACTIONS } from "./boundary-actions.ts";
import { type DataClass, message, metadata, optional } from "./data-class.ts";

export * from "./boundary-actions.ts";

const action = <C extends DataClass>(dataClass: C) =>
  optional(metadata(Type.Unsafe<(typeof CLASS_ACTIONS)[C][number]>(Type.Enum([...CLASS_ACTIONS[dataClass]]))));

/**
 * What a flow, or whoever starts a run, asks the gate to do beyond the policy file. It can only make it stricter, and so can a cloud that
 * puts one of its own in its place.
 */
export const BoundaryRequest = message({
  parameter: action("parameter"),
  log: action("log"),
  exception: action("exception"),
  location: action("location"),
  "run-name": action("run-name"),
  artifact: action("artifact"),
  config: action("config"),
});
export type BoundaryRequest = Type.Static<typeof BoundaryRequest>;
