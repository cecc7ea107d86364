import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["224.0.0.0", 3],
] as const)
  PRIVATE.addSubnet(network, bits);
for (const [network, bits] of [
  ["::", 96],
  ["64:ff9b::", 96],
  ["fc00::", 7],
  ["fe80::", 10],
  ["ff00::", 8],
] as const)
  PRIVATE.addSubnet(network, bits, "ipv6");

/** Whether an address is of the cloud's own machine or network, or of nobody. */
export function isPrivateAddress(address: string): boolean {
  return PRIVATE.check(address, isIP(address) === 6 ? "ipv6" : "ipv4");
}

/**
 * A fetch for addresses that a tenant wrote: none that lead into the cloud's own network. Redirects are not followed.
 * @throws Error for a host that has a private address
 */
export async function publicFetch(url: string, init: object): Promise<Response> {
  const { hostname } = new URL(url);
  const found = await lookup(hostname.replaceAll(/[[\]]/g, ""), { all: true });
  if (found.some(({ address }) => isPrivateAddress(address)))
    throw new Error(`The host ${hostname} lies in a private network; WEIR_IDENTITY_PROVIDERS=any allows that.`);
  return await fetch(url, { ...init, redirect: "manual" });
}
