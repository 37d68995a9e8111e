// @ts-check
// One PostgreSQL with pgbench's tables and a ledger, and two gateways on that ledger, each with half of the cards.
import { cpSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { openGateway } from "../gateway-side.mjs";
import { waitUntilIdle } from "../idle.mjs";
import { preparePgbench, runPgbench } from "../pgbench.mjs";
import { startPostgres } from "../postgres.mjs";
import { servedPlain } from "../rig.mjs";
import { cpuMsOf } from "../scale/process-figures.mjs";
import { makeShop, verifyShop } from "../shop.mjs";

const WARM_UP_CONNECTIONS = 32;
const IDLE_MS = 300;
const IDLE_LIMIT_MS = 20_000;

/** @typedef {import("../figures.mjs").Sample} Sample */
/** @typedef {{ name: string, connections: number }} Part */

/**
 * @param {string} folder empty
 * @param {import("./options.mjs").PostgresBenchOptions} options
 */
export async function openRig(folder, { warmUpMs, runMs, generator }) {
  const postgres = await startPostgres(join(folder, "postgres"));
  if ("missing" in postgres) throw new Error(`there is no PostgreSQL: ${postgres.missing}`);
  await preparePgbench(postgres, { warmUpMs });
  const url = await postgres.database("ledger");
  const one = join(folder, "one");
  mkdirSync(one);
  const shop = await makeShop(one, url);
  const other = join(folder, "other");
  // Several gateways on one ledger have the same keys.
  cpSync(one, other, { recursive: true });
  const half = shop.cards.length / 2;
  const cards = [shop.cards.slice(0, half), shop.cards.slice(half)];
  const gateways = await Promise.all(
    [one, other].map((path, at) =>
      openGateway({
        name: `gateway ${at + 1}`,
        folder: path,
        tls: false,
        args: (data, made) => servedPlain(data, made, url),
        url,
        made: { ...shop, cards: cards[at] ?? [] },
      }),
    ),
  );
  const [first] = gateways;
  if (first === undefined) throw new Error("there is a first gateway");
  /** @param {typeof first} seller */
  const by = ({ folder: wrkFolder }) => (generator === "wrk" ? { wrkFolder } : {});
  const pids = () => [...gateways.map(({ pid }) => pid), ...postgres.pids()];
  const settle = () => waitUntilIdle({ pids, idleMs: IDLE_MS, limitMs: IDLE_LIMIT_MS });

  /**
   * @param {typeof gateways} sellers each with its share of the connections
   * @param {number} connections
   * @param {import("../mixes.mjs").Mix} mix
   * @returns {Promise<Sample>}
   */
  async function sell(sellers, connections, mix) {
    const share = connections / sellers.length;
    const measured = await Promise.all(
      sellers.map((seller) => seller.authorize({ mix, connections: share, runMs, ...by(seller) })),
    );
    const cpuMs = () => sellers.reduce((sum, { pid }) => sum + cpuMsOf(pid), 0);
    const fromMs = cpuMs();
    for (const seller of sellers) await seller.seal();
    await settle();
    return {
      generator,
      latenciesMs: Float64Array.from(measured.flatMap(({ latenciesMs }) => [...latenciesMs])),
      elapsedMs: Math.max(...measured.map(({ elapsedMs }) => elapsedMs)),
      answers: measured.reduce((sum, { answers }) => sum + answers, 0),
      behindMs: cpuMs() - fromMs,
    };
  }

  for (const seller of gateways)
    await seller.authorize({
      ...{ mix: "spread", connections: WARM_UP_CONNECTIONS, runMs: warmUpMs },
      ...by(seller),
    });
  for (const seller of gateways) await seller.seal();
  await settle();

  return {
    /** @param {Part} part @returns {Promise<Sample>} */
    async measure({ name, connections }) {
      if (name === "authorize") return sell([first], connections, "spread");
      if (name === "hot-merchant") return sell([first], connections, "hot-merchant");
      if (name === "two-gateways") return sell(gateways, connections, "spread");
      const sample = await runPgbench(postgres, { clients: connections, runMs });
      await settle();
      return sample;
    },
    /** Ends the processes, and reads what the ledger holds now. */
    async finish() {
      for (const gateway of gateways) await gateway.stop();
      const { programme } = shop;
      const report = await verifyShop({ folder: one, programme, url });
      await postgres.stop();
      const totals = { answers: 0, approved: 0, approvedCents: 0 };
      for (const { totals: own } of gateways) {
        totals.answers += own.answers;
        totals.approved += own.approved;
        totals.approvedCents += own.approvedCents;
      }
      return { totals, report };
    },
  };
}
