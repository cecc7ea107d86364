import { expect } from "vitest";
import { flow, resource, settle, task } from "../../index.ts";
import type { Proof } from "../row.ts";
import { cast } from "../support/cast.ts";

/** Code of the user's that throws where the engine asks it something. */
export const BAD_CODE: readonly Proof[] = [
  {
    rule: "bad.throws",
    name: "a validator that throws: the cached result is not used, the reason is told, and the task runs",
    flow: (stage) => {
      const { one } = cast(stage);
      const cacheValidator = () => {
        throw new Error("bad validator");
      };
      return flow("f", async () => await one.with({ cacheFor: "1h", cacheValidator })());
    },
    expect: { end: "Success", ran: ["one"] },
    later: [{ by: "new", expect: { value: { n: 1 }, ran: ["one"], logs: [/bad validator/] } }],
  },
  {
    rule: "bad.throws",
    name: "a trigger that throws: TriggerFailed with the reason, never tried again",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const trigger = () => {
        throw new Error("bad trigger");
      };
      return flow("f", async () => {
        await settle(one.with({ trigger, retries: 2, after: [two()] })());
      });
    },
    expect: {
      end: "Success",
      states: { one: "Pending TriggerFailed" },
      codes: { one: "TRIGGER_THREW" },
      says: { one: /bad trigger/ },
      ran: ["two"],
    },
  },
  {
    rule: "bad.throws",
    name: "a state handler that throws: Failed with the reason, not tried again",
    flow: (stage) => {
      const { one } = cast(stage);
      const stateHandlers = () => {
        throw new Error("bad handler");
      };
      return flow("f", async () => {
        await settle(one.with({ stateHandlers, retries: 2, retryDelay: 0 })());
      });
    },
    expect: { end: "Success", codes: { one: "HANDLER_THREW" }, says: { one: /bad handler/ }, ran: [] },
  },
  {
    rule: "bad.throws",
    name: "a state handler that returns something that is no state: Failed, and it says what may be returned",
    flow: (stage) => {
      const { one } = cast(stage);
      const stateHandlers = (() => ({ state: "Sleeping" })) as unknown as () => undefined;
      return flow("f", async () => {
        await settle(one.with({ stateHandlers })());
      });
    },
    expect: { end: "Success", codes: { one: "HANDLER_THREW" }, says: { one: /Sleeping.*Success/ } },
  },
  {
    rule: "bad.throws",
    name: "a state handler that wants a state that cannot follow: Failed, and it says which",
    flow: (stage) => {
      const { broken } = cast(stage);
      return flow("f", async () => {
        const stateHandlers = ({ from }: { from: string }) =>
          from === "Retrying" ? ({ state: "Retrying" } as const) : undefined;
        await settle(broken.with({ stateHandlers, retries: 1, retryDelay: 0 })());
      });
    },
    expect: {
      end: "Success",
      states: { broken: "Pending Running Retrying Failed" },
      codes: { broken: "HANDLER_THREW" },
      says: { broken: /Retrying, which cannot follow Retrying/ },
    },
  },
  {
    rule: "bad.throws",
    name: "a flow's handler that throws: the flow is Failed with the reason",
    flow: (stage) => {
      const { one } = cast(stage);
      const stateHandlers = ({ to }: { to: { state: string } }) => {
        if (to.state === "Success") throw new Error("bad handler");
      };
      return flow("f", { stateHandlers }, async () => await one());
    },
    expect: { end: "Failed", says: { "": /bad handler/ } },
  },
  {
    rule: "bad.throws",
    name: "a function for the run name that throws: the task is Failed with the reason or runs unnamed, and the run goes on",
    flow: (stage) => {
      const { one, two } = cast(stage);
      const runName = () => {
        throw new Error("bad name");
      };
      return flow("f", async () => {
        await settle(one.with({ runName })());
        return await two();
      });
    },
    expect: { value: { n: 2 }, and: ({ events }) => expect(JSON.stringify(events)).toMatch(/bad name/) },
  },
  {
    rule: "bad.throws",
    name: "a `retryOn` that throws: Failed, and both errors are told",
    flow: () => {
      const retryOn = (): boolean => {
        throw new Error("bad rule");
      };
      const bad = task("bad", { retries: 2, retryOn }, () => {
        throw new Error("the first");
      });
      return flow("f", async () => {
        await settle(bad());
      });
    },
    expect: {
      end: "Success",
      states: { bad: "Pending Running Failed" },
      says: { bad: /the first/ },
      logs: [/bad rule/],
    },
  },
  {
    rule: "bad.throws",
    name: "a resource's cleanup that throws: told with its code, and other resources are cleaned up all the same",
    flow: (stage) => {
      const make = (name: string, fails: boolean) =>
        resource(name, {
          setup: () => name,
          cleanup: () => {
            stage.note(`cleanup ${name}`);
            if (fails) throw new Error("stuck");
          },
        });
      const { pass } = cast(stage);
      return flow("f", async () => await pass(make("a", true)(), make("b", false)()));
    },
    expect: {
      ran: ["pass", "cleanup a", "cleanup b"],
      and: ({ events }) => expect(JSON.stringify(events)).toMatch(/stuck/),
    },
  },
];
