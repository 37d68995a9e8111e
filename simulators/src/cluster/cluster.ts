// A cluster on this machine: three database nodes and HAProxy, each where it has an address of its own.

import { chmodSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Remains } from "../chaos/remains.js";
import { removeFolder } from "../chaos/sweep.js";
import { findAccount, type RunAs } from "./account.js";
import { type DatabaseNode, makeNode } from "./database-node.js";
import type { Values } from "./deployed.js";
import { haproxyLog, startHaproxy } from "./haproxy.js";
import { makeDatabase } from "./make-database.js";
import { FRONT, GATEWAYS, type Member, NODES, type Node, PORTS } from "./members.js";
import type { ClusterNetwork } from "./network.js";
import { openNetwork } from "./open-network.js";
import { killAt } from "./processes.js";
import { tailOf } from "./program.js";
import { addresses, makePasswords } from "./values.js";
import { inWords, isWhole, lookAt, primaryIn, type View } from "./view.js";

/** Shorter than what is deployed: a failover is to be seen in seconds. */
const TIMES = { TTL_S: "8", LOOP_S: "1", RETRY_S: "3" };
/** Three machines' first start on what may be one busy core. */
const START_MS_MAX = 120_000;
const LOOK_EVERY_MS = 100;
const DATABASE = "pass_tpe";

export interface Cluster {
  /** Everything that the cluster has written: logs, configuration, data. */
  readonly folder: string;
  readonly network: ClusterNetwork;
  readonly nodes: Readonly<Record<Node, DatabaseNode>>;
  /** `postgres://…`, by HAProxy to whoever is primary. It has the password in it. */
  readonly databaseUrl: string;
  readonly logFiles: readonly string[];
  /** What each node says of itself now. */
  look(): Promise<View>;
  /** Looks until it is so. @throws Error with the last view and the logs' ends; the signal's reason. */
  until(
    isSo: (view: View) => boolean | Promise<boolean>,
    options: { readonly what: string; readonly timeoutMs: number },
  ): Promise<View>;
  /** Resolves with the one primary once there is one. @throws as `until`. */
  primary(timeoutMs: number): Promise<Node>;
  /** Cuts a node off from the other nodes (`nodes`), or from whoever else there is (`everybody`). @throws on loopback. */
  cutOff(node: Node, from: "nodes" | "everybody"): void;
  /** Ends everything without warning, and takes its network away, and its folder where that is not to be kept. */
  stop(options?: { readonly keepsFolder: boolean }): void;
}

export interface ClusterOptions {
  readonly remains: Remains;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Starts it, and resolves once it has a primary, a standby that confirms commits and another one, and the gateways' database.
 *
 * @throws UsageError where this machine lacks something; Error with the logs' ends where it does not come up; the signal's reason.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { remains, say, signal } = options;
  const runAs = findAccount();
  const folder = mkdtempSync(join(tmpdir(), "pass-tpe-cluster-"));
  remains.made({ kind: "folder", folder });
  remains.made({ kind: "processesAt", folder });
  // The account that runs the databases has to come through; what is inside is each program's own.
  chmodSync(folder, 0o711);
  const network = openNetwork((name) => remains.made({ kind: "namespace", name }));
  say(`${network.kind}; data in ${folder}`);
  const passwords = makePasswords();
  const values = { ...passwords, ...TIMES, ...addresses(network), WATCHDOG: "off" };
  const place = { folder, network, values, runAs, remains };
  const nodes = makeNodes(place);
  const cluster = clusterOf({ ...place, nodes, signal });
  try {
    for (const node of NODES) nodes[node].start();
    startHaproxy(place);
    say("etcd, Patroni and PostgreSQL start on three nodes");
    const view = await cluster.until(isWhole, { what: "a whole cluster", timeoutMs: START_MS_MAX });
    say(inWords(view));
    const primary = await cluster.primary(START_MS_MAX);
    makeDatabase(nodes[primary].sockets, passwords);
    return cluster;
  } catch (error) {
    cluster.stop();
    throw error;
  }
}

/** Where a cluster is, and what its files are filled in with. */
export interface Place {
  readonly folder: string;
  readonly network: ClusterNetwork;
  readonly values: Values;
  readonly runAs: RunAs;
  readonly remains: Remains;
}

function makeNodes({ folder, network, ...place }: Place): Readonly<Record<Node, DatabaseNode>> {
  const node = (name: Node) =>
    makeNode({
      ...place,
      name,
      folder: join(folder, name),
      address: network.addressOf(name),
      within: network.within(name),
    });
  return { db1: node("db1"), db2: node("db2"), db3: node("db3") };
}

function clusterOf(
  options: Place & Pick<Cluster, "nodes"> & Pick<ClusterOptions, "signal">,
): Cluster {
  const { folder, network, values, nodes, remains, signal } = options;
  const logFiles = [...NODES.flatMap((node) => nodes[node].logFiles), haproxyLog(folder)];
  const look = () => lookAt(network.addressOf);

  const until: Cluster["until"] = async (isSo, { what, timeoutMs }) => {
    const giveUpMs = performance.now() + timeoutMs;
    for (;;) {
      signal.throwIfAborted();
      const view = await look();
      if (await isSo(view)) return view;
      if (performance.now() > giveUpMs) {
        const logs = logFiles.map((file) => `${file}:\n${tailOf(file)}`).join("\n");
        throw new Error(`${what} was not there after ${timeoutMs} ms: ${inWords(view)}\n${logs}`);
      }
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  };

  return {
    folder,
    network,
    nodes,
    databaseUrl: `postgres://${DATABASE}:${values["GATEWAY_PASSWORD"]}@${network.addressOf(FRONT)}:${PORTS.database}/${DATABASE}`,
    logFiles,
    look,
    until,
    async primary(timeoutMs) {
      const view = await until((seen) => primaryIn(seen) !== null, {
        what: "one primary",
        timeoutMs,
      });
      const primary = primaryIn(view);
      if (primary === null) throw new Error("a view with one primary names it");
      return primary;
    },
    cutOff(node, from) {
      if (network.cut === null) throw new Error(`this network cannot be cut: ${network.kind}`);
      const others: readonly Member[] = from === "nodes" ? NODES : [...NODES, ...GATEWAYS, FRONT];
      for (const other of others) if (other !== node) network.cut(node, other);
    },
    stop({ keepsFolder } = { keepsFolder: false }) {
      killAt(folder);
      network.remove();
      if (!keepsFolder) removeFolder(folder);
      remains.gone({ kind: "folder", folder });
    },
  };
}
