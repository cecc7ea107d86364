import { STATE_NAMES } from "@weir/protocol";
import { builder } from "./builder.ts";

/** The states of the protocol, by the same names. */
export const State = builder.enumType("State", {
  description: "Where a flow run or a task run stands.",
  values: STATE_NAMES,
});
