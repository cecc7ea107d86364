import { BlockList, isIP } from "node:net";
import { Refusal } from "@weir/protocol";

/** Networks that one key may name. */
const MOST_NETWORKS = 32;
const BITS = { 4: 32, 6: 128 } as const;
const MAPPED = /^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i;

interface Network {
  readonly address: string;
  readonly bits: number;
  readonly family: "ipv4" | "ipv6";
}

/** An IPv4 address that came over an IPv6 socket, as itself. */
const plain = (address: string) => address.replace(MAPPED, "");

function readNetwork(text: string): Network | null {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  if ((version !== 4 && version !== 6) || address.includes("%")) return null;
  const most = BITS[version];
  const asked = bits === undefined ? most : Number(bits);
  return asked <= most ? { address, bits: asked, family: `ipv${version}` } : null;
}

/**
 * Takes networks that a person wrote: addresses, or CIDR blocks.
 * @throws Refusal INVALID naming the first that is none, or how many are too many
 * @example checkedNetworks("allowedAddresses", ["10.0.0.0/8", "2001:db8::1"]) // ["10.0.0.0/8", "2001:db8::1/128"]
 */
export function checkedNetworks(field: string, texts: readonly string[]): string[] {
  if (texts.length > MOST_NETWORKS)
    throw new Refusal("INVALID", `${field} has ${texts.length} networks, at most ${MOST_NETWORKS} are allowed.`);
  return texts.map((text) => {
    const network = readNetwork(text);
    if (network !== null) return `${network.address}/${network.bits}`;
    throw new Refusal(
      "INVALID",
      `${field}: ${JSON.stringify(text.slice(0, 80))} is no network; write an address or a block, as 203.0.113.7 or 10.0.0.0/8.`,
    );
  });
}

/**
 * Whether an address is in one of the networks. None named: it is. An address that is none is in no network.
 * @param networks as `checkedNetworks` gave them
 */
export function isWithin(networks: readonly string[], address: string | undefined): boolean {
  if (networks.length === 0) return true;
  const asked = plain(address ?? "");
  const version = isIP(asked);
  if (version === 0) return false;
  const allowed = new BlockList();
  for (const text of networks) {
    const network = readNetwork(text);
    if (network !== null) allowed.addSubnet(network.address, network.bits, network.family);
  }
  return allowed.check(asked, version === 4 ? "ipv4" : "ipv6");
}

/**
 * The network of an address, to tell where a key was used without telling who: the first 24 bits of IPv4, the first 48 of IPv6.
 * @example networkOf("203.0.113.7") // "203.0.113.0/24"
 */
export function networkOf(address: string): string | null {
  const asked = plain(address);
  if (isIP(asked) === 4) return `${asked.split(".").slice(0, 3).join(".")}.0/24`;
  if (isIP(asked) !== 6) return null;
  // URL writes an address in its one canonical form.
  const canonical = new URL(`http://[${asked.split("%")[0]}]`).hostname.slice(1, -1);
  const [head = "", tail = ""] = canonical.split("::");
  const [front, back] = [head, tail].map((half) => (half === "" ? [] : half.split(":")));
  const zeros = Array<string>(8 - (front?.length ?? 0) - (back?.length ?? 0)).fill("0");
  const groups = [...(front ?? []), ...zeros, ...(back ?? [])].slice(0, 3);
  return `${groups.join(":")}::/48`;
}
