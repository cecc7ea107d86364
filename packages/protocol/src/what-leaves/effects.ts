import type { CLASS_ACTIONS } from "../boundary.ts";
import type { DataClass } from "../data-class.ts";

/** What each action that a class takes does to it, for people. An action without a sentence does not compile. */
export const EFFECTS: { readonly [C in DataClass]: Readonly<Record<(typeof CLASS_ACTIONS)[C][number], string>> } = {
  metadata: { send: "sent as it is; without it the cloud could start nothing and show nothing" },
  parameter: {
    send: "sent as they are; the cloud fills in the flow's defaults and checks them",
    seal: "encrypted by whoever registers the flow or starts the run; the cloud can neither fill in nor check, the user's side does both",
    drop: "left out; a flow that needs parameters cannot be started from outside, and the key-value store cannot be written",
  },
  log: {
    send: "sent as they are",
    redact: "sent, with secrets and the user's own patterns struck out",
    seal: "the text is encrypted; level, time, logger and task run are told",
    drop: "left out: nothing is sent, not even that there was a line",
  },
  exception: {
    send: "sent as it is",
    redact: "sent, with secrets and the user's own patterns struck out",
    seal: "name, message, stack and causes are encrypted; Weir's own code of the failure is told",
    "id-only":
      "an error id is sent and Weir's own code; the text stays in the agent's log, where `weir errors show ID` finds it",
    drop: "only that it failed, and Weir's own code, is told",
  },
  location: {
    send: "sent as it is",
    pseudonym:
      "a keyed HMAC is sent; the dictionary stays on the user's side, and `weir results open` looks it up there",
    seal: "encrypted; agents and the recipients of the policy file can open it",
  },
  "run-name": {
    send: "sent as it is",
    redact: "sent, with secrets and the user's own patterns struck out",
    pseudonym: "a keyed HMAC is sent; the dictionary stays on the user's side",
    seal: "encrypted for the recipients of the policy file",
    drop: "left out",
  },
  artifact: {
    send: "sent as it is",
    redact: "sent, with secrets and the user's own patterns struck out",
    seal: "the content is encrypted; name and kind are told",
    drop: "left out: nothing is sent, not even its name",
  },
  config: {
    send: "sent as it is",
    seal: "encrypted for agents and the recipients of the policy file",
  },
  digest: { pseudonym: "always a keyed HMAC: whoever has not the user's key cannot try out values" },
};
