/** What is killed. */
export const TARGETS = ["child", "agent", "cloud", "postgres"] as const;
export type Target = (typeof TARGETS)[number];
