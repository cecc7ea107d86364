import { API_VERSION_HEADER, Refusal } from "@weir/protocol";
import type { FastifyInstance } from "fastify";
import { Compile } from "typebox/compile";
import type { TSchema } from "typebox";
import type { DoorDeps } from "../app.ts";
import { registerCached } from "./cached.ts";
import { registerClaims } from "./claims.ts";
import { registerEnrol } from "./enrol.ts";
import { registerOutcomes } from "./outcomes.ts";
import { registerRelease } from "./release.ts";
import { registerReports } from "./reports.ts";
import { registerSlots } from "./slots.ts";
import { registerStarts } from "./starts.ts";
import { assertSpoken } from "./spoken-version.ts";

/** The run door: the messages between agents, runners and the cloud. */
export async function registerRunDoor(app: FastifyInstance, deps: DoorDeps): Promise<void> {
  await app.register(async (door) => {
    door.setValidatorCompiler(({ schema, httpPart }) => checker(schema as TSchema, httpPart ?? "body"));
    door.addHook("onRequest", async (request) => assertSpoken(request.headers[API_VERSION_HEADER]));
    registerEnrol(door, deps);
    registerClaims(door, deps);
    registerReports(door, deps);
    registerRelease(door, deps);
    registerSlots(door, deps);
    registerCached(door, deps);
    registerStarts(door, deps);
    registerOutcomes(door, deps);
  });
}

function checker(schema: TSchema, part: string) {
  const validator = Compile(schema);
  return (value: unknown) => {
    if (validator.Check(value)) return { value };
    const [error] = validator.Errors(value);
    const where =
      error === undefined || error.instancePath === ""
        ? `the ${part}`
        : error.instancePath.slice(1).replaceAll("/", ".");
    return {
      error: new Refusal("INVALID", `The request does not fit its schema: ${where} ${error?.message ?? "is wrong"}.`),
    };
  };
}
