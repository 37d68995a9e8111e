// Two gateways on a cluster: sales go on by themselves when a gateway is gone, and when the primary is.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openRemains } from "../../simulators/src/chaos/remains.js";
import { makeShop } from "../../simulators/src/chaos/shop.js";
import { type Cluster, startCluster } from "../../simulators/src/cluster/cluster.js";
import {
  type ClusterGateways,
  keysFolder,
  startGateways,
} from "../../simulators/src/cluster/gateways.js";
import { openTill, type TryingTill } from "../../simulators/src/cluster/till.js";
import { primaryIn } from "../../simulators/src/cluster/view.js";
import { describeSystem } from "../support/suites.js";

const FAILOVER_MS_MAX = 60_000;
const UNTIL_SOLD_MS_MAX = 60_000;

/** Sells until a sale is approved: one that is not has its own answer, and is over. */
async function sellAtLast(till: TryingTill): Promise<readonly string[]> {
  const outcomes: string[] = [];
  const giveUpMs = performance.now() + UNTIL_SOLD_MS_MAX;
  do {
    const { outcome, code } = await till.sell();
    outcomes.push(`${outcome} ${code}`);
  } while (!outcomes.at(-1)?.startsWith("approved") && performance.now() < giveUpMs);
  return outcomes;
}

describeSystem("cluster")("two gateways on a cluster", () => {
  const remains = openRemains();
  let cluster: Cluster;
  let gateways: ClusterGateways;
  let till: TryingTill;

  beforeAll(async () => {
    const { signal } = new AbortController();
    cluster = await startCluster({ remains, signal, say: () => undefined });
    const folder = join(cluster.folder, "shop");
    mkdirSync(folder, { mode: 0o700 });
    const { databaseUrl } = cluster;
    const { tills } = await makeShop({
      folder,
      dataFolder: keysFolder(folder),
      databaseUrl,
      terminals: 1,
    });
    gateways = startGateways({ cluster, remains, folder });
    await gateways.ready();
    const [first] = tills;
    if (first === undefined) throw new Error("a shop has a till");
    till = await openTill(first, gateways.url);
  }, 180_000);
  afterAll(async () => {
    await till?.close();
    cluster?.stop();
  });

  test("sell while one of them is gone", async () => {
    expect((await sellAtLast(till)).at(-1)).toMatch(/^approved/);
    gateways.all.gw1.kill();
    expect((await sellAtLast(till)).at(-1)).toMatch(/^approved/);
    expect(await gateways.all.gw1.isReady()).toBe(false);
    gateways.all.gw1.start();
    gateways.all.gw2.kill();
    await cluster.until(() => gateways.all.gw1.isReady(), {
      what: "the first gateway",
      timeoutMs: FAILOVER_MS_MAX,
    });
    expect((await sellAtLast(till)).at(-1)).toMatch(/^approved/);
  }, 120_000);

  test("sell again by themselves once another machine is primary", async () => {
    gateways.all.gw2.start();
    const former = await cluster.primary(FAILOVER_MS_MAX);
    cluster.nodes[former].kill();
    expect((await sellAtLast(till)).at(-1)).toMatch(/^approved/);
    const view = await cluster.look();
    expect([null, former]).not.toContain(primaryIn(view));
  }, 120_000);
});
