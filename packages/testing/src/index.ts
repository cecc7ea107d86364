export { eventually } from "./eventually.ts";
export { startFaultProxy } from "./fault-proxy.ts";
export type { Fault, FaultProxy, ProxiedRequest, Strikes } from "./fault-proxy.ts";
