import { createHash } from "node:crypto";
import { canonicalJson, type FlowRegistration, isSealedJson, type ScheduleDefinition } from "@weir/protocol";

// What is sealed is another text each time, so two registrations of one content cannot be compared as they came: every `weir register` in a
// pipeline would be a new version. What can be compared is compared: everything in plain text, and of what is sealed only that it is. The
// newest sealed values then take the place of the version's older ones (register-flow.ts): they may say the same or not, nobody here can tell.
//
// Except where the code lies. A version says which code an attempt runs, and that must not change below a run that goes on: a sealed storage,
// whose digest nobody sees, is a new version each time. And except sealed parameters of schedules in a signed registration: its signature is of
// that very text, which the runs that were planned before do not have.

const SEALED = { $sealed: true };

const comparableJson = (value: unknown): unknown => (isSealedJson(value) ? SEALED : value);

/** SHA-256 of what of a schedule can be compared. */
export function scheduleDigest(definition: ScheduleDefinition): string {
  return digestOf(comparableSchedule(definition));
}

/** SHA-256 of what of a registration can be compared. Not its signature: that is of a form that is another one each time. */
export function registrationDigest(registration: FlowRegistration): string {
  const { signature: _signature, parameterDefaults, runConfig, schedules, ...plain } = registration;
  return digestOf({
    ...plain,
    ...(parameterDefaults === undefined ? {} : { parameterDefaults: comparableJson(parameterDefaults) }),
    ...(runConfig === undefined ? {} : { runConfig: comparableJson(runConfig) }),
    ...(schedules === undefined ? {} : { schedules: schedules.map(comparableSchedule) }),
  });
}

/** Whether a registration may take the place of a version that it cannot be told from. */
export function mayReplace({ storage, schedules = [], signature }: FlowRegistration): boolean {
  const isSignedOver = signature !== undefined && schedules.some(({ parameters }) => isSealedJson(parameters));
  return storage.kind !== "sealed" && !isSignedOver;
}

/** Whether anything of a registration that may be the same as before was sealed anew. */
export function holdsSealed({ parameterDefaults, runConfig, schedules = [] }: FlowRegistration): boolean {
  return [parameterDefaults, runConfig, ...schedules.map(({ parameters }) => parameters)].some(isSealedJson);
}

function comparableSchedule(definition: ScheduleDefinition): ScheduleDefinition {
  return isSealedJson(definition.parameters) ? { ...definition, parameters: SEALED } : definition;
}

function digestOf(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
