// Which addresses count as one: a household has a whole network of IPv6.

import { isIPv6 } from "node:net";

const IPV4_IN_IPV6 = /^::ffff:(?=[0-9.]+$)/i;
const NETWORK_GROUPS = 4;

/** An IPv4 address, or the /64 network of an IPv6 one. */
export function networkOf(address: string): string {
  const plain = address.replace(IPV4_IN_IPV6, "");
  if (!isIPv6(plain)) return plain;
  const [head = "", tail] = plain.split("::");
  const groups = head === "" ? [] : head.split(":");
  const missing = tail === undefined ? 0 : NETWORK_GROUPS - groups.length;
  return [...groups, ...Array.from({ length: Math.max(0, missing) }, () => "0")]
    .slice(0, NETWORK_GROUPS)
    .join(":");
}
