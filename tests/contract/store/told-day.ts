// A day of a raw account and of a pupil whom events made: the rows of sales, reversals and events that a store keeps.

import { expect } from "vitest";
import type { BeneficiaryEvent } from "../../../gateway/src/core/loading/event.js";
import { WRONG_PIN } from "../../support/presentations.js";
import { codeOf, OPERATOR, type Shop } from "../../support/shop.js";

/** What the raw account of the day's shop holds. */
export const DAY_GRANTS = { SPECTACLE: 3000, CINEMA: 5 };

const DAY_MS = 86_400_000;
const PUPIL = { beneficiary: "pupil", campaign: "2022/2023" } as const;

/** With a supplement, a versement, coupons, an aid of its own months, and a grant that was revoked. */
const GRANTED: readonly BeneficiaryEvent[] = [
  {
    type: "card.ordered",
    ...PUPIL,
    holder: "Camille D.",
    etablissement: "LYCEE-1",
    charterAcceptedOn: "2023-01-10",
  },
  {
    type: "beneficiary.validated",
    ...PUPIL,
    etablissement: "LYCEE-1",
    attributes: {
      status: "LYCEEN",
      level: "SECONDE",
      track: "PROFESSIONNELLE",
      formation: "BACPRO_CUISINE",
      flags: ["MAJORATION_C"],
      birthDay: "2006-05-01",
    },
  },
  { type: "coupons.loaded", ...PUPIL, avantage: "SANTE_COUPON", count: 3 },
  {
    type: "commitment.fulfilled",
    beneficiary: "pupil",
    commitment: "MISSION_80H",
    proofs: ["CERTIFICAT_MISSION"],
  },
  { type: "grants.revoked", ...PUPIL, avantages: ["CINEMA"] },
];

const decided = (suspension: string): BeneficiaryEvent => ({
  type: "suspension.decided",
  ...PUPIL,
  suspension,
  avantages: ["PSC1"],
  decisionRef: "D-1",
});

const SUSPENDED: readonly BeneficiaryEvent[] = [
  decided("S-1"),
  { type: "suspension.lifted", beneficiary: "pupil", suspension: "S-1", decisionRef: "D-2" },
  decided("S-2"),
];

/** The ids of the day's attempts. */
export interface DayIds {
  /** Of 7 €, and it stands. */
  readonly sale: string;
  /** Of 3 €, reversed. */
  readonly reversed: string;
  readonly declined: string;
  readonly inquiry: string;
  readonly tombstone: string;
  /** A book of 9 €, a day after the pupil was validated. */
  readonly book: string;
}

/** Plays the day in a shop that was opened with {@link DAY_GRANTS}. */
export async function playToldDay(shop: Shop): Promise<DayIds> {
  const ids = {
    sale: shop.newId(),
    reversed: shop.newId(),
    declined: shop.newId(),
    inquiry: shop.newId(),
    tombstone: shop.newId(),
    book: shop.newId(),
  };
  const told = async (event: BeneficiaryEvent, from = {}) => {
    shop.clock.advance(1);
    expect(await shop.send(event, from)).toMatchObject({ outcome: "applied" });
  };
  for (const event of GRANTED) await told(event, { agent: OPERATOR });
  const card = shop.newCard("pupil");
  await shop.store.load({ cards: [card.record()] });
  shop.clock.advance(DAY_MS);
  await shop.authorize({ id: ids.sale, purchaseCents: 700 });
  await shop.authorize({ id: ids.reversed, purchaseCents: 300 });
  shop.clock.advance(1);
  await shop.reverse(ids.reversed);
  const wrongPin = shop.terminal().scan(shop.card(), WRONG_PIN);
  await shop.authorize({ id: ids.declined, evidence: wrongPin });
  await shop.inquire({ id: ids.inquiry, evidence: shop.card().tap(), purchaseCents: 500 });
  await shop.reverse(ids.tombstone);
  const book = { avantage: "LIVRES_LOISIR", purchaseCents: 900, evidence: card.tap() };
  expect(codeOf(await shop.authorize({ id: ids.book, ...book }))).toBe("APPROVED");
  for (const event of SUSPENDED) await told(event);
  return ids;
}
