// Settles one partner in one settlement: every open line held, released, or put into the partner's one payment.

import { assert } from "../../core/assert.js";
import { assertWay } from "../../core/settlement/life.js";
import type { BankAccount, Payment, PaymentKey } from "../../core/settlement/model.js";
import { type PaperRules, paperRulesOf } from "../../core/settlement/papers.js";
import type { PartnerOutcome } from "../../core/settlement/ports.js";
import { type Settled, settle } from "../../core/settlement/settle.js";
import type { Bundle, OpenQuery, SettlementDriver } from "./driver.js";
import type { SettlementOptions } from "./options.js";
import { readPapers } from "./papers.js";

type Moving = Parameters<SettlementDriver["moveBundle"]>;

/**
 * Builds the step for one partner, to be run inside a transaction. It is not cut into pieces: a payment is made of all
 * that is released at one instant. Lines that stand alike are moved together, by one statement that the database runs
 * by itself, so that many of them take no memory and little time.
 */
export function createPartnerStep(options: SettlementOptions) {
  const { driver, programme } = options;
  const { settlement: books } = driver;
  const rules: PaperRules = paperRulesOf(programme);

  return async (key: PaymentKey): Promise<PartnerOutcome> => {
    const settlement = await books.findSettlement(key.settlement);
    assert(settlement, "a settlement is begun before its partners are settled");
    const query = { ...key, beforeMs: settlement.cutoffMs };
    const bundles = await books.openBundles(query);
    const payment = await books.findPayment(key);
    // What came after the file was made is for the next settlement: no file would tell of it.
    if (payment || settlement.state === "filed") return asItStands(payment, bundles);
    const papers = await readPapers(driver, key.partnerId);
    assert(papers, "whoever is owed something is known");
    const settled = settle(bundles, papers, rules);
    const made = papers.bank && (await pay(key, settled, papers.bank));
    await move(query, settled, made);
    const { heldCents, releasedCents } = settled;
    return { payment: made, heldCents, releasedCents };
  };

  async function pay(
    key: PaymentKey,
    { paymentCents, released }: Settled<Bundle>,
    account: BankAccount,
  ): Promise<Payment | null> {
    if (paymentCents === null) return null;
    const { payments } = await books.paymentSums(key.settlement);
    const payment: Payment = {
      ...key,
      no: payments + 1,
      account,
      amountCents: paymentCents,
      lines: released.reduce((sum, { lines }) => sum + lines, 0),
      state: "BATCHED",
      reason: null,
    };
    await books.addPayment(payment);
    return payment;
  }

  async function move(
    { settlement, beforeMs }: OpenQuery,
    { held, released }: Settled<Bundle>,
    payment: Payment | null,
  ): Promise<void> {
    const query = { settlement, beforeMs };
    for (const { item: bundle, holds } of held) {
      assertWay(bundle.state, "HELD");
      await moveAll({ ...query, bundle }, { state: "HELD", holds, settlement: null });
    }
    for (const bundle of released) {
      const paidBy = payment?.settlement ?? null;
      assertWay(bundle.state, "RELEASED", ...(payment ? (["BATCHED"] as const) : []));
      const state = payment ? "BATCHED" : "RELEASED";
      await moveAll({ ...query, bundle }, { state, holds: [], settlement: paidBy });
    }
  }

  /** What stands as it should stays: other bundles of its year are about to join it, and are counted by themselves. */
  async function moveAll(query: Moving[0], to: Moving[1]): Promise<void> {
    const { state, holds, lines } = query.bundle;
    if (state === to.state && holds.join() === to.holds.join()) return;
    const moved = await books.moveBundle(query, to);
    assert(moved === lines, "what is settled together moves together");
  }
}

function asItStands(payment: Payment | null, bundles: readonly Bundle[]): PartnerOutcome {
  const centsOf = (state: Bundle["state"]) =>
    bundles.filter((it) => it.state === state).reduce((sum, it) => sum + it.amountCents, 0);
  return {
    payment,
    heldCents: centsOf("HELD"),
    releasedCents: payment?.amountCents ?? centsOf("RELEASED"),
  };
}
