// @ts-check
// One gateway process on a fresh data folder, the generator that holds its cards, and the count of what it answered.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { announce, askToSeal } from "./bench-listener.mjs";
import { isRefusals } from "./check.mjs";
import { startGenerator, startServer } from "./processes.mjs";
import { memoryOf } from "./scale/process-figures.mjs";
import { makeShop, verifyShop } from "./shop.mjs";

/** How much more than the last run of its kind could use is prepared for the next. */
const SPARE = 1.5;

/** @typedef {Awaited<ReturnType<typeof makeShop>>} Shop */
/**
 * @typedef {object} Totals what the generator was answered
 * @property {number} answers
 * @property {number} approved
 * @property {number} approvedCents
 * @property {{ answers: number, approved: number }} [raced] of them those where taps of one card overtook each other, which refuses some
 */
/** @typedef {Omit<import("./load.mjs").Job, "kind" | "url" | "tls">} Selling */

/**
 * @param {object} options
 * @param {string} options.name
 * @param {string} options.folder new
 * @param {boolean} options.tls
 * @param {(folder: string, shop: Shop) => string[]} options.args for node, that start it
 * @param {string} [options.url] of the database that its ledger is in
 * @param {Shop} [options.made] what was loaded into that by another gateway, and is sold to here
 */
export async function openGateway({ name, folder, tls, args, url: database, made }) {
  if (made === undefined) mkdirSync(folder);
  const shop = made ?? (await makeShop(folder, database));
  const { programme, cards, terminals } = shop;
  const generator = startGenerator({ cards, terminals });
  const logFile = join(folder, "gateway.log");
  const { addresses, pid, stop } = await startServer({ args: args(folder, shop), logFile });
  const url = addresses["serving"] ?? "";
  const raced = { answers: 0, approved: 0 };
  /** @type {Totals} */
  const totals = { answers: 0, approved: 0, approvedCents: 0, raced };
  /** @type {Map<string, number>} */
  const prepared = new Map();

  /** @param {import("./load.mjs").Measured} measured @param {Selling} selling */
  function count({ answers, approved, approvedCents }, { mix, connections }) {
    totals.answers += answers;
    totals.approved += approved;
    totals.approvedCents += approvedCents;
    if (mix === "hot-card") {
      raced.answers += answers;
      raced.approved += approved;
    } else if (isRefusals({ answers, approved })) {
      throw new Error(`${mix} at ${connections}: only ${approved} of ${answers} were approved`);
    }
  }

  return {
    folder,
    shop,
    pid,
    generator,
    /** @param {Selling} selling */
    async authorize(selling) {
      const kind = `${selling.mix} ${selling.connections}`;
      const preparedPerSecond = prepared.get(kind);
      if (!tls) await announce(url, selling.connections);
      const measured = await generator.run({
        kind: "authorize",
        url,
        tls,
        ...(preparedPerSecond === undefined ? {} : { preparedPerSecond }),
        ...selling,
      });
      count(measured, selling);
      prepared.set(kind, (SPARE * measured.answers * 1_000) / measured.elapsedMs);
      return measured;
    },
    /** Has all sealed that was sold; the plain gateway's listener alone knows how. */
    seal: () => askToSeal(url),
    memory: () => ({ name, ...memoryOf(pid) }),
    async stop() {
      generator.stop();
      await stop();
    },
    totals,
    async finish() {
      generator.stop();
      await stop();
      return { totals, report: await verifyShop({ folder, programme, url: database }) };
    },
  };
}
