import fc from "fast-check";
import { RUN_DOOR, type RunDoorMessage } from "@weir/protocol";
import { hostileTexts, hostileValues, type Ids, idsOf } from "./hostile-values.ts";

/** The parts of a message's schema that values are made from. */
interface Shape {
  readonly type?: string;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly Shape[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly items?: Shape;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Values of a schema: mostly such as it wants, sometimes others. */
function valuesOf(shape: Shape, ids: Ids, nesting = 6): fc.Arbitrary<unknown> {
  const fitting = nesting === 0 ? hostileValues : fittingValues(shape, ids, nesting);
  return fc.oneof({ weight: 14, arbitrary: fitting }, { weight: 1, arbitrary: hostileValues });
}

function fittingValues(shape: Shape, ids: Ids, nesting: number): fc.Arbitrary<unknown> {
  if ("const" in shape) return fc.constant(shape.const);
  if (shape.enum !== undefined) return fc.constantFrom(...shape.enum);
  if (shape.anyOf !== undefined) return fc.oneof(...shape.anyOf.map((one) => valuesOf(one, ids, nesting - 1)));
  switch (shape.type) {
    case "object": {
      const fields = Object.entries(shape.properties ?? {});
      const model = Object.fromEntries(fields.map(([name, one]) => [name, valuesOf(one, ids, nesting - 1)]));
      return fc.record(model, { requiredKeys: [...(shape.required ?? [])] });
    }
    case "array":
      return fc.array(valuesOf(shape.items ?? {}, ids, nesting - 1), { maxLength: 6 });
    case "integer":
    case "number":
      return fc.integer({ min: shape.minimum ?? 0, max: Math.min(shape.maximum ?? 50, 50) });
    case "string":
      return shape.pattern === undefined ? hostileTexts : idsOf(ids);
    case "boolean":
      return fc.boolean();
    case undefined:
    default:
      return hostileValues;
  }
}

/** A message to the run door. */
export interface DoorMessage {
  readonly message: RunDoorMessage;
  readonly body: unknown;
}

/** A claim that waits would hold the test up for as long as it may ask for. */
function withoutWaiting(body: unknown): unknown {
  return typeof body === "object" && body !== null && "waitSeconds" in body ? { ...body, waitSeconds: 0 } : body;
}

/** Bodies for every address of the run door, generated from the schemas of its messages. */
export const hostileMessages = (ids: Ids): fc.Arbitrary<DoorMessage> =>
  fc.constantFrom(...(Object.keys(RUN_DOOR) as RunDoorMessage[])).chain((message) =>
    valuesOf(RUN_DOOR[message].request as unknown as Shape, ids).map((body) => ({
      message,
      body: withoutWaiting(body),
    })),
  );
