import {
  type BoundaryAction,
  type BoundaryClasses,
  CLASS_ACTIONS,
  DATA_CLASSES,
  type DataClass,
  EVENT_MESSAGES,
  GRAPHQL_VARIABLES,
  type GraphqlOperation,
  RUN_DOOR,
  type RunDoorMessage,
} from "@weir/protocol";
import fc from "fast-check";
import { expect, test } from "vitest";
import { GateError } from "./gate-error.ts";
import { makeSide, policyOf } from "./testing/gates.ts";
import { canaryOf, sampleOf } from "./testing/sample-of.ts";

// For every message with every field that it can have, and every policy: what the policy does not let out in plain is not in the bytes.

const CLASSES = (Object.keys(DATA_CLASSES) as DataClass[]).filter((name) => name !== "metadata" && name !== "digest");
const policies = fc.record(
  Object.fromEntries(
    CLASSES.map((name) => [name, fc.constantFrom(...(CLASS_ACTIONS[name] as readonly BoundaryAction[]))]),
  ),
) as fc.Arbitrary<BoundaryClasses & Record<string, BoundaryAction>>;

/** Every way out with all of its fields. */
const MESSAGES: readonly (readonly [name: string, body: () => unknown])[] = [
  ...Object.keys(EVENT_MESSAGES).map(
    (kind) =>
      [`report of ${kind}`, () => report(sampleOf(EVENT_MESSAGES[kind as keyof typeof EVENT_MESSAGES]))] as const,
  ),
  ...Object.entries(RUN_DOOR)
    .filter(([name]) => name !== "report")
    .map(([name, { request }]) => [name, () => sampleOf(request)] as const),
  ...Object.entries(GRAPHQL_VARIABLES).flatMap(([name, variables]) =>
    [0, 1, 2].map((branch) => [name, () => sampleOf(variables, branch)] as const),
  ),
];

const report = (event: unknown) => ({ attempt: 1, first: 1, events: [event] });

async function sent(name: string, body: unknown, classes: BoundaryClasses): Promise<string | null> {
  const side = await makeSide(policyOf(classes));
  try {
    if (Object.hasOwn(GRAPHQL_VARIABLES, name)) {
      const request = { operationName: name as GraphqlOperation, query: "mutation X", variables: body };
      return (await side.gate.pass("graphql", request as never)).body;
    }
    const message = name.replace(/ .*/, "") as RunDoorMessage;
    return (await side.gate.pass(message, body as never, { scope: side.scope })).body;
  } catch (error) {
    // What has no form that the policy allows is not sent at all. Anything else would be a bug.
    if (error instanceof GateError && /boundary policy/.test(error.message)) return null;
    throw error;
  }
}

const isPlain = (action: BoundaryAction | undefined): boolean => action === "send" || action === "redact";

test("under every policy, what is not to leave in plain does not, of any message in any field", async () => {
  const property = fc.asyncProperty(policies, fc.constantFrom(...MESSAGES), async (classes, [name, body]) => {
    const text = await sent(name, body(), classes);
    for (const dataClass of CLASSES)
      if (text !== null && !isPlain(classes[dataClass]))
        expect(text, `${name}: ${dataClass}`).not.toContain(canaryOf(dataClass));
  });
  await fc.assert(property, { numRuns: 400 });
}, 60_000);

test.each(MESSAGES)(
  "%s: with everything sealed or stricter nothing of the user's is in it; with everything sent all of it is",
  async (name, body) => {
    const strictest = Object.fromEntries(
      CLASSES.map((one) => [one, (CLASS_ACTIONS[one] as readonly BoundaryAction[]).at(-1)]),
    );
    expect((await sent(name, body(), strictest as BoundaryClasses)) ?? "").not.toContain("canary-");
    const mildest = Object.fromEntries(CLASSES.map((one) => [one, "send"]));
    const whole = JSON.stringify(body());
    const plain = (await sent(name, body(), mildest)) ?? "";
    for (const dataClass of CLASSES)
      if (whole.includes(canaryOf(dataClass))) expect(plain, dataClass).toContain(canaryOf(dataClass));
    expect(plain).not.toContain("canary-digest-");
  },
);
