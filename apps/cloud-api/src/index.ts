/** The control plane as a library: `startCloud(cloudConfig({ … }))`. `main.ts` is the same as a process. */
export { type CloudConfig, cloudConfig, CLOUD_DEFAULTS, ConfigError, readConfig } from "./config.ts";
export { type RunningCloud, startCloud } from "./start-cloud.ts";
export type { LocalKeys } from "./tenants/bootstrap.ts";
