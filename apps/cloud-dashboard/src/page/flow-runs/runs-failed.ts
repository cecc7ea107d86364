import { FLOW_RUN_MOVES, isFailed } from "@weir/protocol/state";

/** In which ways a flow run can fail. */
export const FAILED = [...new Set(Object.values(FLOW_RUN_MOVES).flat())].filter(isFailed);
