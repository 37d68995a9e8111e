// What is done to a cluster that sells: each kind of fault, how it is seen to be over, and how it is mended.

import type { Dice } from "../chaos/random.js";
import type { Cluster } from "../cluster/cluster.js";
import { GATEWAYS, NODES, type Node } from "../cluster/members.js";
import { primaryIn, type View } from "../cluster/view.js";
import { probeFormer } from "./former.js";
import type { KeptGateways } from "./kept-gateways.js";

export const FAULT_KINDS = ["primary", "replica", "pause", "cut", "gateway"] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** The other machine must have become primary in this. */
const PRIMARY_MS_MAX = 60_000;

export interface Fault {
  readonly kind: FaultKind;
  /** What was done to whom, for people. */
  readonly what: string;
  /** Does it, in this call. */
  begin(): void;
  /** Whether the others have taken over: sales that begin from then on are sold without whom it was done to. */
  isTakenOver(view: View): boolean;
  /**
   * Undoes it, and resolves once the cluster is whole.
   *
   * @param whole resolves then
   * @returns what must not have happened meanwhile
   */
  mend(whole: () => Promise<void>): Promise<readonly string[]>;
}

export interface FaultParts {
  readonly cluster: Cluster;
  readonly gateways: KeptGateways;
  readonly dice: Dice;
}

/** Draws whom it is done to, and how. */
export async function drawFault(kind: FaultKind, parts: FaultParts): Promise<Fault> {
  if (kind === "gateway") return gatewayKilled(parts);
  const { cluster } = parts;
  const primary = await cluster.primary(PRIMARY_MS_MAX);
  if (kind === "primary") return primaryKilled(primary, parts);
  if (kind === "pause") return primaryPaused(primary, parts);
  if (kind === "cut") return primaryCutOff(primary, parts);
  return standbyKilled(await cluster.look(), parts);
}

/** Another machine is primary, and not that one as well: a paused or cut one may still say so. */
const isPassedOn = (former: Node) => (view: View) => {
  const primary = primaryIn(view);
  return primary !== null && primary !== former;
};

function primaryKilled(primary: Node, { cluster, dice }: FaultParts): Fault {
  const node = cluster.nodes[primary];
  const isWholeMachine = dice.percent(50);
  return {
    kind: "primary",
    what: `kill of the primary ${primary} (${isWholeMachine ? "the machine" : "its database"})`,
    begin: () => (isWholeMachine ? node.kill() : node.killDatabase()),
    isTakenOver: isPassedOn(primary),
    async mend(whole) {
      node.start();
      await whole();
      return [];
    },
  };
}

function standbyKilled(view: View, { cluster, dice }: FaultParts): Fault {
  const role = dice.percent(67) ? "sync standby" : "standby";
  const victim = NODES.find((node) => view[node] === role);
  if (victim === undefined) throw new Error(`there is no ${role} in a cluster that was whole`);
  return {
    kind: "replica",
    what: `kill of the ${role} ${victim}`,
    begin: () => cluster.nodes[victim].kill(),
    isTakenOver: (now) =>
      now[victim] === "silent" && NODES.some((node) => now[node] === "sync standby"),
    async mend(whole) {
      cluster.nodes[victim].start();
      await whole();
      return [];
    },
  };
}

function primaryPaused(primary: Node, { cluster }: FaultParts): Fault {
  const node = cluster.nodes[primary];
  return {
    kind: "pause",
    what: `pause of the primary ${primary}`,
    begin: () => node.pause(),
    isTakenOver: isPassedOn(primary),
    async mend(whole) {
      const probe = probeFormer(primary, cluster);
      node.resume();
      try {
        await whole();
      } finally {
        await probe.end();
      }
      return probe.found();
    },
  };
}

function primaryCutOff(primary: Node, { cluster, dice }: FaultParts): Fault {
  const from = dice.oneOf(["nodes", "everybody"] as const);
  let probe: ReturnType<typeof probeFormer> | null = null;
  return {
    kind: "cut",
    what: `cut of the primary ${primary} from ${from === "nodes" ? "the other databases" : from}`,
    begin() {
      cluster.cutOff(primary, from);
      // From now on no standby hears of what it commits.
      probe = probeFormer(primary, cluster);
    },
    isTakenOver: isPassedOn(primary),
    async mend(whole) {
      cluster.network.heal();
      try {
        await whole();
      } finally {
        await probe?.end();
      }
      return probe?.found() ?? [];
    },
  };
}

function gatewayKilled({ gateways, dice }: FaultParts): Fault {
  const name = dice.oneOf(GATEWAYS);
  return {
    kind: "gateway",
    what: `kill of the gateway ${name}`,
    begin: () => gateways.kill(name),
    isTakenOver: () => true,
    async mend(whole) {
      gateways.start(name);
      await whole();
      return [];
    },
  };
}
