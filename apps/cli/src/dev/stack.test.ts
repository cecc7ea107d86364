import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { withoutWeir } from "./stack.ts";

/** What `weir dev` decides by itself, or what belongs to a cloud or an agent elsewhere. */
const OWN = [
  "WEIR_API_URL",
  "WEIR_AGENT_KEY",
  "WEIR_AGENT_KEY_FILE",
  "WEIR_AGENT_PROJECTS",
  "WEIR_AGENT_DIRECTORY",
  "WEIR_AGENT_RESULTS_DIRECTORY",
  "WEIR_AGENT_HEALTH_ADDRESS",
  "WEIR_AGENT_DRAIN_SECONDS",
];

test("every setting of an agent is handed on by `weir dev`, or is its own to decide", () => {
  const config = readFileSync(new URL("../../../agent/src/config.ts", import.meta.url), "utf8");
  const names = new Set(config.match(/\bWEIR_[A-Z_]*[A-Z]/g));
  const handedOn = Object.keys(withoutWeir(Object.fromEntries([...names].map((name) => [name, "x"]))));
  expect([...handedOn, ...OWN].sort()).toEqual([...names].sort());
});

test("other variables stay, and what is of another cloud does not", () => {
  const env = { PATH: "/bin", WEIR_CLOUD_SECRET_FILE: "/secret", WEIR_API_KEY: "k", WEIR_BOUNDARY_FILE: "/b.yaml" };
  expect(withoutWeir(env)).toEqual({ PATH: "/bin", WEIR_BOUNDARY_FILE: "/b.yaml" });
});
