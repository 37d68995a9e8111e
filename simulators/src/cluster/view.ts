// What each node says of itself: asked of its Patroni, at its own address.

import { NODES, type Node, PORTS } from "./members.js";

/** Who does not answer in this is taken for silent. */
const ANSWER_MS = 1_000;

/** `silent`: no answer, or none that makes sense. `starting`: it answers, and its PostgreSQL does not serve. */
export type Role = "primary" | "sync standby" | "standby" | "starting" | "silent";

export type View = Readonly<Record<Node, Role>>;

/** Asks all nodes at once. They may disagree: two may call themselves primary for as long as one has not noticed. */
export async function lookAt(addressOf: (node: Node) => string): Promise<View> {
  const roles = await Promise.all(NODES.map((node) => roleOf(addressOf(node))));
  const [db1 = "silent", db2 = "silent", db3 = "silent"] = roles;
  return { db1, db2, db3 };
}

async function roleOf(address: string): Promise<Role> {
  try {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const answer = await fetch(`http://${address}:${PORTS.patroni}/patroni`, { signal });
    return roleIn(await answer.json());
  } catch {
    return "silent";
  }
}

/** Patroni's own words are `master`, or `primary` since it is 4.0, and `replica`. */
function roleIn(status: unknown): Role {
  if (typeof status !== "object" || status === null || !("state" in status)) return "silent";
  if (status.state !== "running" && status.state !== "streaming") return "starting";
  const role = "role" in status ? status.role : null;
  if (role === "master" || role === "primary") return "primary";
  return "sync_standby" in status && status.sync_standby === true ? "sync standby" : "standby";
}

/** The one primary; null where there is none, or more than one. */
export function primaryIn(view: View): Node | null {
  const [first, ...more] = NODES.filter((node) => view[node] === "primary");
  return first === undefined || more.length > 0 ? null : first;
}

/** Whether every node has its part: a primary, a standby that confirms its commits, and another one. */
export function isWhole(view: View): boolean {
  const parts = NODES.map((node) => view[node]).sort();
  return parts.join() === ["primary", "standby", "sync standby"].join();
}

/** Whether a sale can be committed: there are one primary, and a standby that confirms its commits. */
export function isServing(view: View): boolean {
  return primaryIn(view) !== null && NODES.some((node) => view[node] === "sync standby");
}

/** In words: `db1 primary, db2 sync standby, db3 silent`. */
export const inWords = (view: View): string =>
  NODES.map((node) => `${node} ${view[node]}`).join(", ");
