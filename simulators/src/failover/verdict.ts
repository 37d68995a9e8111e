// What is found after the last fault: tills settle what they owe, and their facts are held to what the database has.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { ledgerPlace, openLedger } from "@pass-tpe/gateway";
import { mergedFacts, readFactFile } from "../chaos/fact-file.js";
import type { Remains } from "../chaos/remains.js";
import { SETTLE_MS_MAX } from "../chaos/till-keeper.js";
import { judgeLedger, RUN_RULES } from "../chaos/verdict.js";
import type { Violation } from "../checker/facts.js";
import { GATEWAY_PROGRAM } from "../cluster/gateways.js";
import { GATEWAYS } from "../cluster/members.js";
import type { Scene } from "./scene.js";

const HEADS_FILE = "heads.ndjson";

/** Settles every till, and ends tills and gateways. The databases go on. @returns what is found by that. */
export async function comeToRest({
  cluster,
  tills,
  gateways,
}: Scene): Promise<readonly Violation[]> {
  cluster.network.heal();
  for (const node of Object.values(cluster.nodes)) node.resume();
  const settled = await Promise.allSettled(tills.map((till) => till.settle(SETTLE_MS_MAX)));
  const unsettled = settled.flatMap((one) =>
    one.status === "fulfilled" ? one.value : [String(one.reason)],
  );
  for (const till of tills) till.end();
  gateways.end();
  const surprises = [...gateways.failures, ...tills.flatMap(({ failures }) => failures)];
  return [
    ...unsettled.map((found) => ({ rule: RUN_RULES.settled, found, sale: null })),
    ...surprises.map((found) => ({ rule: RUN_RULES.noSurprise, found, sale: null })),
  ];
}

/** Holds the ledger of a scene that has come to rest to what its tills saw. */
export async function judgeScene(scene: Scene, remains: Pick<Remains, "child">) {
  const { cluster, gateways, shop } = scene;
  const facts = mergedFacts(scene.factFiles.map(readFactFile));
  const { dataFolder } = gateways.all.gw1;
  const verdict = await judgeLedger({
    world: { ...shop.world, hasSeveralGateways: true },
    facts,
    dataFolder,
    storeKeyFile: shop.storeKeyFile,
    program: GATEWAY_PROGRAM,
    databaseUrl: cluster.databaseUrl,
    // Each gateway exports what it has signed itself: one of the two has the newest head.
    headsFiles: GATEWAYS.map((name) => join(gateways.all[name].dataFolder, HEADS_FILE)).filter(
      (file) => existsSync(file),
    ),
    remains,
    open: () => openLedger(ledgerPlace(dataFolder, { url: cluster.databaseUrl })),
  });
  return { ...verdict, facts };
}
