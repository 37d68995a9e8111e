// @ts-check
// A till that sells every 200 ms while something else goes on: what it waits is what the queue at it waits.
import { setTimeout as sleep } from "node:timers/promises";
import { Connection } from "../connection.mjs";
import { percentile } from "../figures.mjs";
import { authorizationRequest } from "../requests.mjs";

const SALE_EVERY_MS = 200;

/** @typedef {{ sales: number, approved: number, approvedCents: number, p50Ms: number, p99Ms: number, maxMs: number }} TillFigures */

/**
 * Begins to sell.
 *
 * @param {object} options
 * @param {string} options.url
 * @param {import("../connection.mjs").Credentials} options.terminal
 * @param {import("../requests.mjs").BenchCard[]} options.cards used one after the other
 * @param {import("../requests.mjs").Purchase} options.purchase
 * @returns {Promise<{ stop: () => Promise<TillFigures> }>} stop ends it after the sale under way
 */
export async function openTill({ url, terminal, cards, purchase }) {
  const connection = await Connection.open(url, terminal);
  /** @type {number[]} */
  const latencies = [];
  const totals = { approved: 0, approvedCents: 0 };
  const end = new AbortController();

  /** @param {import("../requests.mjs").BenchCard} card */
  async function sell(card) {
    const request = authorizationRequest(card, purchase);
    const askedMs = performance.now();
    const { status, body } = await connection.ask(request);
    latencies.push(performance.now() - askedMs);
    if (status !== 200) throw new Error(`the till was answered ${status}: ${body}`);
    const { outcome, amountCents } = JSON.parse(body);
    if (outcome !== "approved") return;
    totals.approved += 1;
    totals.approvedCents += amountCents;
  }

  async function keepSelling() {
    for (let made = 0; !end.signal.aborted; made += 1) {
      const card = cards[made % cards.length];
      if (card === undefined) throw new Error("a till without cards");
      const nextMs = performance.now() + SALE_EVERY_MS;
      await sell(card);
      const waitMs = Math.max(0, nextMs - performance.now());
      await sleep(waitMs, undefined, { signal: end.signal }).catch(() => undefined);
    }
  }

  const selling = keepSelling();
  // Told by stop(), which everyone calls.
  selling.catch(() => undefined);
  return {
    async stop() {
      end.abort();
      await selling;
      connection.close();
      const sorted = latencies.sort((a, b) => a - b);
      return {
        sales: sorted.length,
        ...totals,
        p50Ms: percentile(sorted, 0.5),
        p99Ms: percentile(sorted, 0.99),
        maxMs: percentile(sorted, 1),
      };
    },
  };
}
