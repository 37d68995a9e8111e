// A network without rights: every member has an address of this machine's own loopback.

import { HOST_NUMBERS } from "./members.js";
import type { ClusterNetwork } from "./network.js";

/** 127.64.0.0 to 127.191.255.0: what other programs use begins with 127.0. */
const SECOND_MIN = 64;
const SECONDS = 128;

/** @param why there are no namespaces */
export function loopbackNetwork(why: string): ClusterNetwork {
  const second = SECOND_MIN + Math.floor(Math.random() * SECONDS);
  const prefix = `127.${second}.${Math.floor(Math.random() * 256)}`;
  return {
    kind: `addresses of the loopback, which cannot be cut (${why})`,
    addressOf: (member) => `${prefix}.${HOST_NUMBERS[member]}`,
    // Whoever calls another address of the loopback does so from that one, or from the first of all.
    range: "127.0.0.0/8",
    within: () => [],
    cut: null,
    heal: () => undefined,
    remove: () => undefined,
  };
}
