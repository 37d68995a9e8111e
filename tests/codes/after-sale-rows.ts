// How each answer to a capture, a late reversal or a refund is reached on the real gateway.

import { enrol } from "./pupils.js";
import type { Rig } from "./rig.js";
import type { GatewayRow } from "./row.js";

const by = "gateway";
/** What is said of a sale that is stored with the code that it had. */
const later = { by, ofEarlier: true } as const;
const SHOW = { avantage: "SPECTACLE", purchaseCents: 800 };
const LABEL = "Spectacles";
const euros = (value: number) => ({ unit: "EUR_CENT", value }) as const;

/** Later than the end of any period that a sale of now is settled in. */
const A_WEEK_LATER_DAYS = 8;
/** After the campaign, and while the certificates of the tills last. */
const AFTER_THE_CAMPAIGN_DAYS = 310;

/** A sale of 8 € from 30 €, and its id. */
async function sold({ gateway, till, tap }: Rig, fields: object = {}): Promise<unknown> {
  const { body } = await till.sell({ evidence: tap(await enrol(gateway)), ...SHOW, ...fields });
  return body["id"];
}

const held = (rig: Rig) => sold(rig, { capture: false });

export const AFTER_SALE_ROWS: readonly GatewayRow[] = [
  {
    code: "APPROVED_HELD",
    by,
    how: "a purchase that waits for its capture",
    texts: { taken: euros(800), avantageLabel: LABEL },
    reach: async ({ gateway, till, tap }) =>
      till.sell({ evidence: tap(await enrol(gateway)), ...SHOW, capture: false }),
  },
  {
    code: "OPERATION_NOT_SUPPORTED",
    by,
    how: "a recorded use that is to be held",
    reach: async ({ gateway, till, tap }) =>
      till.sell({ evidence: tap(await enrol(gateway)), avantage: "MUSEE", capture: false }),
  },
  {
    code: "CAPTURED",
    ...later,
    how: "less than was held",
    texts: { taken: euros(500), remaining: euros(2_500), avantageLabel: LABEL },
    reach: async (rig) => rig.till.capture(await held(rig), { amountCents: 500 }),
  },
  {
    code: "NOTHING_TO_CAPTURE",
    ...later,
    how: "a capture of a sale that was final at once",
    reach: async (rig) => rig.till.capture(await sold(rig)),
  },
  {
    code: "ALREADY_CAPTURED",
    ...later,
    how: "a second capture with another amount",
    async reach(rig) {
      const id = await held(rig);
      await rig.till.capture(id, { amountCents: 500 });
      return rig.till.capture(id, { amountCents: 300 });
    },
  },
  {
    code: "HOLD_EXPIRED",
    ...later,
    how: "a capture on the day after",
    async reach(rig) {
      const id = await held(rig);
      return rig.atDays(1, () => rig.till.capture(id));
    },
  },
  {
    code: "CAPTURE_OVER_HOLD",
    ...later,
    how: "a capture of one cent more than is held",
    texts: { remaining: euros(800) },
    reach: async (rig) => rig.till.capture(await held(rig), { amountCents: 801 }),
  },
  {
    code: "ALREADY_REVERSED",
    ...later,
    how: "a capture of what was reversed",
    async reach(rig) {
      const id = await held(rig);
      await rig.till.reverse(id, "manual");
      return rig.till.capture(id);
    },
  },
  {
    code: "AMOUNT_INVALID",
    ...later,
    how: "a capture of less than nothing",
    reach: async (rig) => rig.till.capture(await held(rig), { amountCents: -1 }),
  },
  {
    code: "REVERSAL_TOO_LATE",
    ...later,
    how: "a cashier who reverses a sale after the week's cut-off",
    async reach(rig) {
      const id = await sold(rig);
      return rig.atDays(A_WEEK_LATER_DAYS, () => rig.till.reverse(id, "manual"));
    },
  },
  {
    code: "REVERSED",
    ...later,
    how: "a terminal in doubt that reverses a sale after the week's cut-off",
    byHand: true,
    texts: { returned: euros(800), avantageLabel: LABEL },
    async reach(rig) {
      const id = await sold(rig);
      return rig.atDays(A_WEEK_LATER_DAYS, () => rig.till.reverse(id, "automatic"));
    },
  },
  {
    code: "REFUNDED",
    ...later,
    how: "a part of a sale given back after the week's cut-off",
    texts: { returned: euros(300), avantageLabel: LABEL },
    async reach(rig) {
      const id = await sold(rig);
      return rig.atDays(A_WEEK_LATER_DAYS, () => rig.till.refund(id, { amountCents: 300 }));
    },
  },
  {
    code: "REFUNDED",
    ...later,
    how: "a sale given back when its avantage can be used no more (T-22)",
    texts: (rig) => ({
      returned: euros(800),
      avantageLabel: LABEL,
      notUsable: true,
      date: rig.day(300),
    }),
    async reach(rig) {
      const id = await sold(rig);
      return rig.atDays(AFTER_THE_CAMPAIGN_DAYS, () => rig.till.refund(id));
    },
  },
  {
    code: "NOTHING_TO_REFUND",
    ...later,
    how: "a refund of what is only held",
    reach: async (rig) => rig.till.refund(await held(rig)),
  },
  {
    code: "REFUND_OVER_CAPTURED",
    ...later,
    how: "a second refund that is too much",
    texts: { remaining: euros(200) },
    async reach(rig) {
      const id = await sold(rig);
      await rig.till.refund(id, { amountCents: 600 });
      return rig.till.refund(id, { amountCents: 600 });
    },
  },
  {
    code: "REFUND_OVER_CAPTURED",
    ...later,
    how: "a refund of what was given back whole",
    texts: { remaining: euros(0) },
    async reach(rig) {
      const id = await sold(rig);
      await rig.till.refund(id);
      return rig.till.refund(id);
    },
  },
  {
    code: "ORIGINAL_NOT_FOUND",
    by,
    how: "a capture of a sale that never was",
    status: 404,
    reach: ({ till }) => till.capture(till.newId()),
  },
  {
    code: "ORIGINAL_NOT_FOUND",
    by,
    how: "a refund of a sale that another partner made",
    status: 404,
    async reach(rig) {
      const id = await sold(rig);
      const stranger = await rig.elsewhere({ id: "P-STRANGER" });
      return stranger.refund(id);
    },
  },
  {
    code: "DUPLICATE_CONFLICT",
    by,
    how: "a refund's id that stands for another amount already",
    status: 409,
    async reach(rig) {
      const of = await sold(rig);
      const id = rig.till.newId();
      await rig.till.refund(of, { id, amountCents: 100 });
      return rig.till.refund(of, { id, amountCents: 200 });
    },
  },
];
