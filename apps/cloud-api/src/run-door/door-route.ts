import { RUN_DOOR, type RunDoorMessage } from "@weir/protocol";
import type { FastifyContextConfig, HTTPMethods } from "fastify";
import type { TSchema } from "typebox";

interface DoorRoute {
  readonly method: HTTPMethods;
  readonly url: string;
  readonly config: FastifyContextConfig;
  readonly schema: { readonly body: TSchema };
}

/** Address, credential and body of a message, as the line declares them. */
export function doorRoute(message: RunDoorMessage): DoorRoute {
  const { method, path, token, request } = RUN_DOOR[message];
  return { method, url: path, config: { auth: token }, schema: { body: request } };
}
