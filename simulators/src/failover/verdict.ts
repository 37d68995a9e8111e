// What is found after the last fault: what the tills saw is held to what the database has.

import { existsSync } from "node:fs";
import { join } from "node:path";
import { ledgerPlace, openLedger } from "@pass-tpe/gateway";
import { mergedFacts, readFactFile } from "../chaos/fact-file.js";
import type { Remains } from "../chaos/remains.js";
import { checkLedger, verifyFaults } from "../chaos/verdict.js";
import type { Fact, LedgerFacts, Violation } from "../checker/facts.js";
import { GATEWAY_PROGRAM } from "../cluster/gateways.js";
import { GATEWAYS } from "../cluster/members.js";
import { FAILOVER_RULES } from "./rules.js";
import type { Scene } from "./scene.js";

const HEADS_FILE = "heads.ndjson";

export interface SceneVerdict {
  readonly facts: readonly Fact[];
  /** Null where it could not be read: then a violation says so. */
  readonly ledger: LedgerFacts | null;
  readonly violations: readonly Violation[];
}

/** Holds the ledger of a scene that has come to rest to what its tills saw. A ledger that cannot be read is a violation. */
export async function judgeScene(
  scene: Scene,
  remains: Pick<Remains, "child">,
): Promise<SceneVerdict> {
  const { cluster, gateways, shop } = scene;
  const facts = mergedFacts(scene.factFiles.map(readFactFile));
  const { dataFolder } = gateways.all.gw1;
  const faults = await verifyFaults({
    dataFolder,
    storeKeyFile: shop.storeKeyFile,
    program: GATEWAY_PROGRAM,
    databaseUrl: cluster.databaseUrl,
    // Each gateway exports what it has signed itself: one of the two has the newest head.
    headsFiles: GATEWAYS.map((name) => join(gateways.all[name].dataFolder, HEADS_FILE)).filter(
      (file) => existsSync(file),
    ),
    remains,
  });
  try {
    const { ledger, violations } = await checkLedger({
      world: { ...shop.world, hasSeveralGateways: true },
      facts,
      open: () => openLedger(ledgerPlace(dataFolder, { url: cluster.databaseUrl })),
    });
    return { facts, ledger, violations: [...faults, ...violations] };
  } catch (error) {
    const found = error instanceof Error ? error.message : String(error);
    const unread = { rule: FAILOVER_RULES.judged, found, sale: null };
    return { facts, ledger: null, violations: [...faults, unread] };
  }
}
