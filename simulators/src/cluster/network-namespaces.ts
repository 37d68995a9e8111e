// A network of namespaces: a bridge in one of its own, and every other member at one end of a cable to it. Root's alone.

import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { networkInterfaces } from "node:os";
import { FRONT, GATEWAYS, HOST_NUMBERS, type Member, NODES } from "./members.js";
import type { ClusterNetwork } from "./network.js";

const IN_NAMESPACES = [...NODES, ...GATEWAYS] as const;
/** 198.18.0.0/15 is for tests of networks (RFC 2544): nobody is reached by it. */
const NETWORKS = 512;
/** A member that was cut off is sent to this one, which nobody has. */
const NOBODY = "02:00:00:00:00:01";
/** Where `ip` keeps what it names. */
const NAMESPACES = "/run/netns";
const BRIDGE = "bridge";
/** What a member calls its end of the cable. */
const DEVICE = "eth0";

/** @returns the network, or why there is none; nothing of it is left then. */
export function namespaceNetwork(
  made: (namespace: string) => void,
): ClusterNetwork | { readonly refused: string } {
  if (process.getuid?.() !== 0) return { refused: "only root makes network namespaces" };
  const tag = randomBytes(3).toString("hex");
  const plan = { tag, prefix: freePrefix() };
  try {
    layCables(plan, made);
  } catch (error) {
    removeNetwork(tag);
    const said = error instanceof Error && "stderr" in error ? String(error.stderr) : error;
    return { refused: String(said).trim() };
  }
  return networkOf(plan);
}

/** Its tag tells it from another cluster's, and its prefix is three numbers of an address. */
interface Plan {
  readonly tag: string;
  readonly prefix: string;
}

const nameOf = (tag: string, member: Member | "hub") => `pass-tpe-${tag}-${member}`;
/** Where whoever started this is: a device of this machine, of at most fifteen letters. */
const frontDevice = (tag: string) => `ptpe${tag}`;

function freePrefix(): string {
  const taken = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).map(({ address }) => address.slice(0, address.lastIndexOf("."))),
  );
  const first = Math.floor(Math.random() * NETWORKS);
  for (let tried = 0; tried < NETWORKS; tried += 1) {
    const number = (first + tried) % NETWORKS;
    const prefix = `198.${18 + Math.floor(number / 256)}.${number % 256}`;
    if (!taken.includes(prefix)) return prefix;
  }
  throw new Error("every network for tests is in use. Operator: end other clusters");
}

function layCables({ tag, prefix }: Plan, made: (namespace: string) => void): void {
  const hub = nameOf(tag, "hub");
  made(hub);
  // In a namespace of its own the bridge knows no packet filter of this machine.
  ip("netns", "add", hub);
  ip("-n", hub, "link", "add", BRIDGE, "type", "bridge");
  ip("-n", hub, "link", "set", BRIDGE, "up");
  for (const member of IN_NAMESPACES) {
    const name = nameOf(tag, member);
    made(name);
    ip("netns", "add", name);
    const peer = ["peer", "name", DEVICE, "netns", name];
    ip("-n", hub, "link", "add", member, "type", "veth", ...peer);
    ip("-n", name, "link", "set", "lo", "up");
    address(["-n", name], DEVICE, `${prefix}.${HOST_NUMBERS[member]}/24`);
  }
  const peer = ["peer", "name", FRONT, "netns", hub];
  ip("link", "add", frontDevice(tag), "type", "veth", ...peer);
  address([], frontDevice(tag), `${prefix}.${HOST_NUMBERS[FRONT]}/24`);
  for (const end of [...IN_NAMESPACES, FRONT]) {
    ip("-n", hub, "link", "set", end, "master", BRIDGE, "up");
  }
}

function address(where: readonly string[], device: string, address: string): void {
  ip(...where, "address", "add", address, "dev", device);
  ip(...where, "link", "set", device, "up");
}

function networkOf({ tag, prefix }: Plan): ClusterNetwork {
  const addressOf = (member: Member) => `${prefix}.${HOST_NUMBERS[member]}`;
  /** What `ip` is told so that it speaks of that member's end. */
  const end = (member: Member) =>
    member === FRONT
      ? { where: [], device: frontDevice(tag) }
      : { where: ["-n", nameOf(tag, member)], device: DEVICE };
  const cuts = new Map<string, () => void>();

  /** What one sends to the other goes to nobody: no error tells it, as no cable that was pulled does. */
  function silence(one: Member, other: Member): void {
    const { where, device } = end(one);
    const neighbour = [...where, "neighbour"];
    const entry = [addressOf(other), "dev", device];
    ip(...neighbour, "replace", ...entry, "lladdr", NOBODY, "nud", "permanent");
    cuts.set(`${one} ${other}`, () => ip(...neighbour, "delete", ...entry));
  }

  return {
    kind: `network namespaces pass-tpe-${tag}-…`,
    addressOf,
    range: `${prefix}.0/24`,
    within(member) {
      if (member === FRONT) return [];
      return ["nsenter", `--net=${NAMESPACES}/${nameOf(tag, member)}`, "--"];
    },
    cut(one, other) {
      silence(one, other);
      silence(other, one);
    },
    heal() {
      for (const undo of cuts.values()) undo();
      cuts.clear();
    },
    remove: () => removeNetwork(tag),
  };
}

function removeNetwork(tag: string): void {
  // Cables go with the hub's end of them.
  for (const member of ["hub", ...IN_NAMESPACES] as const) removeNamespace(nameOf(tag, member));
}

/** One that is not there is no error. */
export function removeNamespace(name: string): void {
  try {
    ip("netns", "delete", name);
  } catch {
    // It is gone, or was never made.
  }
}

/** @throws with what the command said. */
function ip(...args: readonly string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}
