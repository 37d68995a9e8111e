// The tills of a month: sales, holds, captures, reversals and refunds from a seed, and what they saw that is owed.

import { seededRandom } from "../../support/random.js";
import { codeOf, decisionOf, type Shop } from "../../support/shop.js";
import type { MonthPartner } from "./month-partners.js";

const UINT32 = 2 ** 32;
const PURCHASE_CENTS = { min: 150, max: 2_400 };
const SEATS_MAX = 3;

export interface Tills {
  /** Plays a day; at least one sale at the named partner. Returns how many were approved there. */
  playDay(at: string): Promise<number>;
  /** What each partner is owed by what its till was told, in cents. */
  owedCents(): ReadonlyMap<string, number>;
  sales(): number;
}

/** Tills that play from a seed, one for each partner. */
export function createTills(input: {
  readonly shop: Shop;
  readonly partners: readonly MonthPartner[];
  readonly seed: number;
  readonly salesADay: number;
}): Tills {
  const { shop, partners, salesADay } = input;
  const random = seededRandom(input.seed);
  const owed = new Map<string, number>();
  let sales = 0;

  function below(limit: number): number {
    return Math.floor((Buffer.from(random.bytes(4)).readUInt32LE() / UINT32) * limit);
  }

  function add({ id, centsPerUnit }: MonthPartner, units: number): void {
    owed.set(id, (owed.get(id) ?? 0) + units * centsPerUnit);
  }

  function askedOf({ avantage }: MonthPartner) {
    if (avantage === "CINEMA") return { quantity: 1 + below(SEATS_MAX), purchaseCents: undefined };
    if (avantage === "MUSEE" || avantage === "APPRENTI_EQUIPEMENT") {
      return { purchaseCents: undefined };
    }
    const { min, max } = PURCHASE_CENTS;
    return { purchaseCents: min + below(max - min) };
  }

  /** One sale at a partner, and now and then what follows it. True where it was approved. */
  async function sell(index: number): Promise<boolean> {
    const partner = partners[index];
    if (!partner) throw new Error("there is a partner for each till");
    const terminal = shop.terminal(index);
    const { avantage } = partner;
    const isRecord = avantage === "MUSEE" || avantage === "APPRENTI_EQUIPEMENT";
    const luck = below(20);
    const request = shop.request({
      evidence: shop.card(below(CARDS_USED)).tap(),
      avantage,
      capture: isRecord || luck !== 0,
      ...askedOf(partner),
    });
    const decision = decisionOf(await shop.authorize(request, terminal));
    const { answer, code } = decision;
    if (answer.outcome !== "approved") return false;
    sales += 1;
    const units = unitsOf(answer);
    if (code === "APPROVED_HELD") {
      // Every other hold is captured, in part; the rest expire.
      if (below(2) === 0) return true;
      const part = Math.max(1, Math.floor(units / 2));
      const asked = avantage === "CINEMA" ? { quantity: part } : { amountCents: part };
      if (codeOf(await shop.capture(request.id, { ...asked, terminal })) === "CAPTURED") {
        add(partner, part);
      }
      return true;
    }
    if (code !== "APPROVED_SAME_VISIT") add(partner, isRecord ? 1 : units);
    if (luck === 1 && code !== "APPROVED_SAME_VISIT") {
      if (codeOf(await shop.reverse(request.id, { terminal })) === "REVERSED") {
        add(partner, isRecord ? -1 : -units);
      }
    }
    if (luck === 2 && !isRecord) {
      const part = Math.max(1, Math.floor(units / 3));
      const asked = avantage === "CINEMA" ? { quantity: part } : { amountCents: part };
      if (codeOf(await shop.refund(request.id, { ...asked, terminal })) === "REFUNDED") {
        add(partner, -part);
      }
    }
    return true;
  }

  return {
    async playDay(at) {
      const index = partners.findIndex(({ id }) => id === at);
      let approved = 0;
      for (let count = 0; count < salesADay; count += 1) {
        shop.clock.advance(60_000);
        await sell(below(partners.length));
      }
      // Whoever comes may have spent everything: a few try.
      for (let tries = 0; approved === 0 && tries < TRIES_MAX; tries += 1) {
        if (await sell(index)) approved += 1;
      }
      return approved;
    },
    owedCents: () => owed,
    sales: () => sales,
  };
}

const CARDS_USED = 150;
const TRIES_MAX = 50;

function unitsOf(told: object): number {
  const { amountCents, quantity }: { amountCents?: number; quantity?: number } = told;
  return amountCents ?? quantity ?? 0;
}
