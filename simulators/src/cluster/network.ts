// What a cluster needs of its network: an address for each member, and a way to cut them off.

import type { Member } from "./members.js";

export interface ClusterNetwork {
  /** What it is, for people. */
  readonly kind: string;
  addressOf(member: Member): string;
  /** All addresses of members, as `address/length`. */
  readonly range: string;
  /** What to start where that member is: this command line, and what it is to run after it. */
  within(member: Member): readonly string[];
  /** Lets no packet through between two members, and tells neither. Null where this network cannot be cut. */
  readonly cut: ((one: Member, other: Member) => void) | null;
  /** Undoes every cut. */
  heal(): void;
  /** Takes it away. Whatever still runs in it is elsewhere then, or nowhere. */
  remove(): void;
}
