/** The lease as the runner knows it, by its own monotonic clock. The true deadline stands in the cloud and is never earlier than `endsAt`. */
export interface Lease {
  /** When the last message that the cloud acknowledged was *sent*: the cloud began to count later than that. `performance.now()`. */
  readonly sentAt: number;
  readonly leaseMs: number;
}

/** A cloud may say what it likes: timers of Node wrap round at 24 days, and nothing is gained by a lease that ends before its first report. */
const LEAST_LEASE_MS = 100;
const MOST_LEASE_MS = 24 * 60 * 60 * 1_000;
/** However often a cloud wants to hear of a run, it is not more than 25 times a second. */
const LEAST_HEARTBEAT_MS = 50;

/** A lease as the cloud says it, within what can be kept to. */
export function saneLease({ sentAt, leaseMs }: Lease): Lease {
  return { sentAt, leaseMs: Math.min(MOST_LEASE_MS, Math.max(LEAST_LEASE_MS, leaseMs)) };
}

/** When the runner fences itself: at two thirds, so that the last third is enough to stop the child before the run is given away. */
export function fenceAt(lease: Lease): number {
  return lease.sentAt + (lease.leaseMs * 2) / 3;
}

/** The earliest moment at which the cloud may give the run to another agent. */
export function leaseEndsAt(lease: Lease): number {
  return lease.sentAt + lease.leaseMs;
}

/** How long a child may take to stop when the lease is running out: the configured grace, but never into the last fifth of what is left. */
export function graceBeforeEnd(lease: Lease, now: number, graceMs: number): number {
  return Math.max(0, Math.min(graceMs, (leaseEndsAt(lease) - now) * 0.8));
}

/**
 * When a quiet run reports next: the interval ± 20 %, so that runs that began together do not report together for ever.
 * At most a quarter of the lease, whatever the cloud asks for: two may be lost before the fence.
 * @param random from 0 to 1
 */
export function heartbeatAt(lease: Lease, lastSentAt: number, reportMs: number, random: number): number {
  const interval = Math.max(LEAST_HEARTBEAT_MS, Math.min(reportMs, lease.leaseMs / 4));
  return lastSentAt + interval * (0.8 + 0.4 * random);
}

/** Longest wait for the answer to one report: two tries must fit before the fence. */
export function reportTimeoutMs(lease: Lease): number {
  return Math.max(200, Math.min(15_000, lease.leaseMs / 3));
}
