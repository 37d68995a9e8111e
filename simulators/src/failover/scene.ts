// Everything that runs in a failover run: a cluster, its two gateways, and tills that sell through HAProxy.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Remains } from "../chaos/remains.js";
import { makeShop, type Shop } from "../chaos/shop.js";
import { IDLE_MS_MAX, RUN_DEADLINES } from "../chaos/till-config.js";
import { keepTill, SELLING_MS_MAX, type TillKeeper } from "../chaos/till-keeper.js";
import { type Cluster, startCluster } from "../cluster/cluster.js";
import { keysFolder } from "../cluster/gateways.js";
import { makeProbeTable } from "./former.js";
import { type Heard, hear } from "./heard.js";
import { type KeptGateways, keepGateways } from "./kept-gateways.js";

export interface Scene {
  readonly cluster: Cluster;
  readonly gateways: KeptGateways;
  readonly shop: Shop;
  readonly tills: readonly TillKeeper[];
  readonly factFiles: readonly string[];
  readonly heard: Heard;
  /** Ends everything without a word. */
  abandon(options?: { readonly keepsFolder: boolean }): void;
}

/**
 * Starts it, and resolves once each till has served its first customer.
 *
 * @throws UsageError where this machine lacks something; the signal's reason; nothing runs any more then.
 */
export async function openScene(options: {
  readonly tills: number;
  readonly seed: number;
  readonly remains: Remains;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
}): Promise<Scene> {
  const { seed, remains, signal } = options;
  const startedAtMs = Date.now();
  const cluster = await startCluster(options);
  const tills: TillKeeper[] = [];
  let gateways: KeptGateways | null = null;
  const abandon: Scene["abandon"] = (how) => {
    for (const till of tills) till.end();
    gateways?.end();
    cluster.stop(how);
  };
  try {
    const folder = join(cluster.folder, "shop");
    mkdirSync(folder, { mode: 0o700 });
    const { databaseUrl } = cluster;
    const place = { folder, dataFolder: keysFolder(folder), databaseUrl };
    const shop = await makeShop({ ...place, terminals: options.tills, signal });
    await makeProbeTable(cluster);
    gateways = keepGateways({ cluster, remains, folder });
    await gateways.ready();
    for (const [index, till] of shop.tills.entries()) {
      const config = {
        ...till,
        gateway: gateways.url,
        journal: join(till.folder, "journal"),
        factsFile: join(till.folder, "facts.ndjson"),
        seed: seed + 10_000 * (index + 1),
        startedAtMs,
        deadlines: RUN_DEADLINES,
        idleMsMax: IDLE_MS_MAX,
      };
      // A till that ends by itself is a failure, and its own facts tell of its next start.
      tills.push(keepTill({ config, folder: till.folder, tell: () => undefined, remains }));
    }
    await Promise.all(tills.map((till) => till.selling(SELLING_MS_MAX)));
    signal.throwIfAborted();
    const factFiles = shop.tills.map((till) => join(till.folder, "facts.ndjson"));
    return { cluster, gateways, shop, tills, factFiles, heard: hear(factFiles), abandon };
  } catch (error) {
    abandon();
    throw error;
  }
}
