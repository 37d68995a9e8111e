// @ts-check
// Real sales for a ledger that is to be moved, by the gateway's own store; some of them held, captured, refunded, reversed.
import { randomBytes, randomInt } from "node:crypto";
import { createLogger } from "@pass-tpe/gateway";
import { UUID_V7_RANDOM_BYTES, uuidV7 } from "@pass-tpe/protocol";
import { systemClock } from "../../../gateway/dist/main.js";
import { openAssembly } from "../assembly.mjs";
import { tapped } from "../requests.mjs";

/** Waiting at a time, each with a card of its own: so many share a commit. */
const TOGETHER = 64;
/** Of so many sales one is captured later, one refunded, one reversed. */
const ROUND = 20;

/** @typedef {Awaited<ReturnType<typeof import("../shop.mjs").makeShop>>} Shop */
/** @typedef {Parameters<import("../../../gateway/dist/parts.js").Assembly["store"]["execute"]>[0]} Command */
/** @typedef {{ sales: number, afterSales: number, seconds: number }} Sold */

/**
 * @param {{ data: string, shop: Shop, sales: number, repeats: number }} options
 * @returns {Promise<Sold & { samples: Command[] }>} samples: commands that are sent again later
 */
export async function sell({ data, shop, sales, repeats }) {
  const { programme, cards, terminals } = shop;
  const log = createLogger({ level: "silent" });
  const { assembly, close } = await openAssembly({ path: data, programme, log });
  const { store } = assembly;
  const startedMs = performance.now();
  const every = Math.max(1, Math.floor(sales / repeats));
  /** @type {Command[]} */
  const samples = [];
  let afterSales = 0;

  /** @param {number} no */
  async function sellOne(no) {
    const card = cards[no % cards.length];
    if (card === undefined) throw new Error("the shop has cards");
    const terminalId = `T-${no % terminals.length}`;
    const id = newId();
    const kind = no % ROUND;
    const sale = { avantage: "SPECTACLE", purchaseCents: randomInt(100, 3_000) };
    /** @type {Command[]} */
    const commands = [
      {
        type: "authorize",
        terminalId,
        request: /** @type {any} */ ({
          ...{ id, evidence: tapped(card), ...sale },
          ...(kind === 1 ? { capture: false } : {}),
        }),
        receivedAtMonotonicMs: systemClock.monotonicMs(),
      },
      ...afterSale({ kind, terminalId, id }),
    ];
    for (const command of commands) await ask(store, command);
    afterSales += commands.length - 1;
    if (no % every === 0) samples.push(...commands);
  }

  for (let done = 0; done < sales; done += TOGETHER) {
    const count = Math.min(TOGETHER, sales - done);
    await Promise.all(Array.from({ length: count }, (_, index) => sellOne(done + index)));
  }
  while ((await store.settlement.accrue()).more);
  const seconds = (performance.now() - startedMs) / 1_000;
  // What is not sealed yet is sealed first.
  await close();
  return { sales, afterSales, seconds, samples: samples.slice(0, repeats) };
}

const newId = () => uuidV7(Date.now(), randomBytes(UUID_V7_RANDOM_BYTES));

/** @param {{ kind: number, terminalId: string, id: string }} sale @returns {Command[]} */
function afterSale({ kind, terminalId, id }) {
  const asker = /** @type {const} */ ({ kind: "terminal", terminalId });
  if (kind === 1) return [{ type: "capture", asker, terminalId, id, request: {} }];
  if (kind === 2) return [{ type: "reverse", asker, terminalId, id, reason: "automatic" }];
  if (kind !== 3) return [];
  const request = { id: newId(), amountCents: 50 };
  return [{ type: "refund", asker, of: { terminalId: null, id }, request }];
}

/** @param {import("../../../gateway/dist/parts.js").Assembly["store"]} store @param {Command} command */
async function ask(store, command) {
  const answer = await store.execute(command);
  const isMade = answer.type === "decision" && answer.answer.outcome === "approved";
  if (!isMade) throw new Error(`a ${command.type} was answered ${JSON.stringify(answer)}`);
}
