// How each approval is reached on the real gateway.

import { TEST_CAMPAIGN } from "../support/running-gateway.js";
import { about, enrol, OPERATOR, send } from "./pupils.js";
import type { Rig } from "./rig.js";
import type { GatewayRow } from "./row.js";

const by = "gateway";

/** A pupil with so many coupons. */
export async function withCoupons({ gateway }: Rig, count: number) {
  const pupil = await enrol(gateway);
  const coupons = { campaign: TEST_CAMPAIGN, avantage: "SANTE_COUPON", count };
  await send(gateway, OPERATOR, [about(pupil, "coupons.loaded", coupons)]);
  return pupil;
}

export const APPROVAL_ROWS: readonly GatewayRow[] = [
  {
    code: "APPROVED",
    by,
    how: "a purchase that the avantage pays whole",
    texts: {
      amountCents: 1_200,
      avantageLabel: "Spectacles",
      remaining: { unit: "EUR_CENT", value: 1_800 },
    },
    reach: async ({ gateway, till, tap }) =>
      till.sell({
        evidence: tap(await enrol(gateway)),
        avantage: "SPECTACLE",
        purchaseCents: 1_200,
      }),
  },
  {
    code: "APPROVED_PARTIAL",
    by,
    how: "a purchase that costs more than the avantage holds",
    texts: { amountCents: 1_500, collectCents: 500, avantageLabel: "Livres loisir" },
    reach: async ({ gateway, till, tap }) =>
      till.sell({
        evidence: tap(await enrol(gateway)),
        avantage: "LIVRES_LOISIR",
        purchaseCents: 2_000,
      }),
  },
  {
    code: "APPROVED_SEATS",
    by,
    how: "two seats of five",
    texts: { quantity: 2, collectCents: 200, remaining: { unit: "SEAT", value: 3 } },
    reach: async ({ gateway, till, tap }) =>
      till.sell({ evidence: tap(await enrol(gateway)), avantage: "CINEMA", quantity: 2 }),
  },
  {
    code: "APPROVED_COUPONS",
    by,
    how: "one coupon of three",
    texts: { quantity: 1, remaining: { unit: "COUPON", value: 2 } },
    reach: async (rig) =>
      rig.till.sell({
        evidence: rig.tap(await withCoupons(rig, 3)),
        avantage: "SANTE_COUPON",
        quantity: 1,
      }),
  },
  {
    code: "APPROVED_RECORD",
    by,
    how: "school books handed out",
    reach: async ({ gateway, till, tap }) =>
      till.sell({ evidence: tap(await enrol(gateway)), avantage: "MANUELS_GRATUITS" }),
  },
  {
    code: "APPROVED_SAME_VISIT",
    by,
    how: "the same card at the same museum twice within a minute",
    async reach({ gateway, till, tap }) {
      const pupil = await enrol(gateway);
      await till.sell({ evidence: tap(pupil), avantage: "MUSEE" });
      return till.sell({ evidence: tap(pupil), avantage: "MUSEE" });
    },
  },
  {
    code: "REVERSED",
    by,
    ofEarlier: true,
    how: "a sale that the cashier reverses",
    texts: { returned: { unit: "EUR_CENT", value: 700 }, avantageLabel: "Spectacles" },
    async reach({ gateway, till, tap }) {
      const sale = { avantage: "SPECTACLE", purchaseCents: 700 };
      const { body } = await till.sell({ evidence: tap(await enrol(gateway)), ...sale });
      return till.reverse(body["id"], "manual");
    },
  },
  {
    code: "REVERSED",
    by,
    ofEarlier: true,
    how: "an id that the gateway never saw, reversed by the terminal itself",
    byHand: true,
    reach: ({ till }) => till.reverse(till.newId(), "automatic"),
  },
  {
    code: "INQUIRY_ANSWERED",
    by,
    how: "what a card can use here",
    reach: async ({ gateway, till, tap }) => till.inquire({ evidence: tap(await enrol(gateway)) }),
  },
];
