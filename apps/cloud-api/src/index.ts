/** The control plane as a library: `startCloud(cloudConfig({ … }))`. `main.ts` is the same as a process. */
export { createApiKey } from "./api-keys/api-keys.ts";
export { type CloudConfig, cloudConfig, CLOUD_DEFAULTS, ConfigError, readConfig } from "./config.ts";
export { checkInvariants } from "./flow-runs/check-invariants.ts";
export { createSecrets } from "./secrets.ts";
export { type RunningCloud, startCloud } from "./start-cloud.ts";
export { signSession } from "./tokens/tokens.ts";
export type { LocalKeys } from "./tenants/bootstrap.ts";
