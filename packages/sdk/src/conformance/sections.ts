import type { Proof } from "./row.ts";
import { APPROVAL } from "./sections/approval.ts";
import { AROUND } from "./sections/around.ts";
import { BAD_CODE } from "./sections/bad-code.ts";
import { BAD_INPUT } from "./sections/bad-input.ts";
import { CACHING } from "./sections/caching.ts";
import { CONTEXT } from "./sections/context.ts";
import { DEPENDENCIES } from "./sections/dependencies.ts";
import { FLOW_END } from "./sections/flow-end.ts";
import { HANDLERS } from "./sections/handlers.ts";
import { LOOPING } from "./sections/looping.ts";
import { MAPPING } from "./sections/mapping.ts";
import { PERSISTENCE } from "./sections/persistence.ts";
import { PERSISTENCE_OF_MAPS } from "./sections/persistence-maps.ts";
import { PERSISTENCE_CONVERSE } from "./sections/persistence-converse.ts";
import { QUEUES } from "./sections/queues.ts";
import { RESOURCES } from "./sections/resources.ts";
import { RESTART } from "./sections/restart.ts";
import { RETRIES } from "./sections/retries.ts";
import { SIGNALS } from "./sections/signals.ts";
import { STATES_SECTION } from "./sections/states.ts";
import { SUBFLOWS } from "./sections/subflows.ts";
import { SURFACE } from "./sections/surface.ts";
import { TIMEOUTS } from "./sections/timeouts.ts";
import { TRIGGER_FUNCTIONS } from "./sections/trigger-functions.ts";
import { TRIGGERS } from "./sections/triggers.ts";
import { WAY } from "./sections/way.ts";

/** All proofs, in the order of the design. */
export const PROOFS: readonly Proof[] = [
  ...STATES_SECTION,
  ...WAY,
  ...RETRIES,
  ...TIMEOUTS,
  ...SIGNALS,
  ...LOOPING,
  ...TRIGGERS,
  ...TRIGGER_FUNCTIONS,
  ...HANDLERS,
  ...APPROVAL,
  ...DEPENDENCIES,
  ...MAPPING,
  ...FLOW_END,
  ...SUBFLOWS,
  ...RESOURCES,
  ...PERSISTENCE,
  ...PERSISTENCE_OF_MAPS,
  ...PERSISTENCE_CONVERSE,
  ...RESTART,
  ...CACHING,
  ...QUEUES,
  ...SURFACE,
  ...CONTEXT,
  ...AROUND,
  ...BAD_INPUT,
  ...BAD_CODE,
];
