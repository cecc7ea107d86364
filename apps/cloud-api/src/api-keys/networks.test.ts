import { expect, test } from "vitest";
import { checkedNetworks, isWithin, networkOf } from "./networks.ts";

test("addresses are blocks of themselves, blocks stay as they are", () => {
  expect(checkedNetworks("f", ["203.0.113.7", "10.0.0.0/8", "2001:db8::1", "2001:db8::/32", "0.0.0.0/0"])).toEqual([
    "203.0.113.7/32",
    "10.0.0.0/8",
    "2001:db8::1/128",
    "2001:db8::/32",
    "0.0.0.0/0",
  ]);
});

test.each([
  "",
  "10.0.0.0/33",
  "2001:db8::/129",
  "10.0.0.0/-1",
  "10.0.0.0/8/8",
  "example.com",
  "10.0.0",
  "fe80::1%eth0",
  "10.0.0.0/",
])("%j is no network", (text) => {
  expect(() => checkedNetworks("allowedAddresses", [text])).toThrow(/^allowedAddresses: .* is no network/);
});

test("more networks than a key may name are refused", () => {
  expect(() => checkedNetworks("f", Array<string>(33).fill("10.0.0.1"))).toThrow("f has 33 networks");
});

test.each([
  [[], undefined, true],
  [["10.0.0.0/8"], "10.255.0.1", true],
  [["10.0.0.0/8"], "::ffff:10.1.2.3", true],
  [["10.0.0.0/8"], "11.0.0.1", false],
  [["10.0.0.0/8"], undefined, false],
  [["10.0.0.0/8"], "nonsense", false],
  [["10.0.0.0/8", "2001:db8::/32"], "2001:db8:1::5", true],
  [["2001:db8::/32"], "2001:db9::1", false],
  [["0.0.0.0/0"], "2001:db8::1", false],
])("within %j: %s is %s", (networks, address, within) => {
  expect(isWithin(networks, address)).toBe(within);
});

test.each([
  ["203.0.113.7", "203.0.113.0/24"],
  ["::ffff:203.0.113.7", "203.0.113.0/24"],
  ["2001:db8:aa:bb::1", "2001:db8:aa::/48"],
  ["2001:DB8::1", "2001:db8:0::/48"],
  ["::1", "0:0:0::/48"],
  ["nonsense", null],
])("%s was used in %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});
