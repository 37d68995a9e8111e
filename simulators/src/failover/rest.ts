// Brings a cluster to rest, whatever the last fault left of it: everybody runs again, tills settle, and all is sealed.

import { SETTLE_MS_MAX } from "../chaos/till-keeper.js";
import { RUN_RULES } from "../chaos/verdict.js";
import type { Violation } from "../checker/facts.js";
import { GATEWAYS, NODES } from "../cluster/members.js";
import { isServing } from "../cluster/view.js";
import { FAILOVER_RULES } from "./rules.js";
import type { Scene } from "./scene.js";
import { uncoveredRows } from "./uncovered.js";

/** A machine that starts again may have to copy the primary's whole database first. */
const SERVING_MS_MAX = 120_000;
/** Sealing comes every few seconds, and after a lost connection it begins by itself. */
const SEALED_MS_MAX = 60_000;

/**
 * Undoes every fault, settles every till, waits until a head covers all that was sold, and ends tills and gateways. The
 * databases go on.
 *
 * @returns what is found by that. Never throws: what was found before it is to be told as well.
 */
export async function comeToRest(scene: Scene): Promise<readonly Violation[]> {
  const { tills, gateways } = scene;
  const unfit = await trying(FAILOVER_RULES.rests, () => untilServing(scene));
  const settled = await Promise.allSettled(tills.map((till) => till.settle(SETTLE_MS_MAX)));
  const unsettled = settled.flatMap((one) =>
    one.status === "fulfilled" ? one.value : [String(one.reason)],
  );
  for (const till of tills) till.end();
  const unsealed = await trying(FAILOVER_RULES.sealed, () => untilSealed(scene));
  gateways.end();
  const surprises = [...gateways.failures, ...tills.flatMap(({ failures }) => failures)];
  return [
    ...unfit,
    ...unsettled.map((found) => ({ rule: RUN_RULES.settled, found, sale: null })),
    ...unsealed,
    ...surprises.map((found) => ({ rule: RUN_RULES.noSurprise, found, sale: null })),
  ];
}

/** Gateways come last: one that finds no database ends. */
async function untilServing({ cluster, gateways }: Scene): Promise<void> {
  cluster.network.heal();
  for (const name of NODES) {
    cluster.nodes[name].resume();
    cluster.nodes[name].start();
  }
  const timeoutMs = SERVING_MS_MAX;
  await cluster.until(isServing, { what: "a primary and a standby", timeoutMs });
  for (const name of GATEWAYS) gateways.start(name);
  await cluster.until(
    async () => (await gateways.all.gw1.isReady()) && (await gateways.all.gw2.isReady()),
    { what: "two gateways", timeoutMs },
  );
}

/** Whichever gateway seals: it exports a head before it keeps it. */
async function untilSealed({ cluster }: Scene): Promise<void> {
  let left: number | null = null;
  const isCovered = async () => {
    left = await uncoveredRows(cluster.databaseUrl);
    return left === 0;
  };
  const options = { what: "a head of everything", timeoutMs: SEALED_MS_MAX };
  await cluster.until(isCovered, options).catch((error: unknown) => {
    throw new Error(`${left ?? "unknown many"} rows have no head: ${textOf(error)}`);
  });
}

/** What was not brought about is a violation, and the rest is looked at all the same. */
async function trying(rule: string, work: () => Promise<void>): Promise<readonly Violation[]> {
  try {
    await work();
    return [];
  } catch (error) {
    return [{ rule, found: textOf(error), sale: null }];
  }
}

const textOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
