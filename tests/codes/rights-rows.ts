// How each refusal of rights, window or balance is reached on the real gateway.

import { windowOfMonths } from "@pass-tpe/gateway";
import { suspended } from "../operators/events.js";
import { withCoupons } from "./approval-rows.js";
import { SALES_PER_MINUTE_MAX } from "./programme.js";
import { about, apprentiAged, enrol, OPERATOR, REGION, send } from "./pupils.js";
import type { SaleFields } from "./raw-till.js";
import type { Rig } from "./rig.js";
import type { GatewayRow } from "./row.js";

const by = "gateway";
const SHOW = { avantage: "SPECTACLE", purchaseCents: 500 };
const BOOKS = { avantage: "LIVRES_LOISIR", purchaseCents: 1_500 };
/** Of no interest to an apprenti alone: the same avantage is not granted, not yet of age, or suspended. */
const APPRENTI = { avantage: "APPRENTI_EQUIPEMENT" };
const MONTHS_OF_PERMIS = 24;
const DAYS_OF_25_MONTHS = 765;
const DAY_MS = 24 * 3_600_000;

/** Sells to a pupil so many times; the answer to the last. */
async function sellTimes(
  rig: Rig,
  options: { readonly asked: Omit<SaleFields, "evidence">; readonly times: number },
) {
  const pupil = await enrol(rig.gateway);
  const sell = () => rig.till.sell({ evidence: rig.tap(pupil), ...options.asked });
  for (let sale = 1; sale < options.times; sale += 1) await sell();
  return sell();
}

async function withPermis({ gateway, atDays }: Rig, loadedDaysAgo: number) {
  const pupil = await enrol(gateway);
  const mission = { commitment: "MISSION_35H", proofs: ["CERTIFICAT_MISSION"] };
  const fulfilled = [about(pupil, "commitment.fulfilled", mission)];
  await atDays(-loadedDaysAgo, () => send(gateway, OPERATOR, fulfilled));
  return pupil;
}

const RIGHTS: readonly GatewayRow[] = [
  {
    code: "BENEFICIARY_NOT_VALIDATED",
    by,
    how: "a pupil whom the lycée has not validated",
    reach: async ({ gateway, till, tap }) =>
      till.sell({ evidence: tap(await enrol(gateway, { attributes: null })), ...SHOW }),
  },
  {
    code: "AVANTAGE_NOT_GRANTED",
    by,
    how: "an apprenti whose birth day nobody told",
    async reach({ gateway, till, tap }) {
      const attributes = { ...apprentiAged(16), birthDay: null };
      return till.sell({ evidence: tap(await enrol(gateway, { attributes })), ...APPRENTI });
    },
  },
  {
    code: "AGE_NOT_ELIGIBLE",
    by,
    how: "an apprenti a year too young",
    reach: async ({ gateway, till, tap }) =>
      till.sell({
        evidence: tap(await enrol(gateway, { attributes: apprentiAged(13) })),
        ...APPRENTI,
      }),
  },
  {
    code: "AVANTAGE_SUSPENDED",
    by,
    how: "an apprenti whom the Région suspended",
    async reach({ gateway, till, tap }) {
      const pupil = await enrol(gateway, { attributes: apprentiAged(16) });
      const scope = { avantages: [APPRENTI.avantage] };
      await send(gateway, REGION, [suspended(pupil, scope)]);
      return till.sell({ evidence: tap(pupil), ...APPRENTI });
    },
  },
  {
    code: "WINDOW_NOT_OPEN",
    by,
    how: "a tap before the campaign",
    texts: ({ day }) => ({ date: day(-30) }),
    async reach({ gateway, till, tap, atDays }) {
      const pupil = await enrol(gateway);
      return atDays(-60, () => till.sell({ evidence: tap(pupil), ...SHOW }));
    },
  },
  {
    code: "WINDOW_CLOSED",
    by,
    how: "a tap after the campaign",
    texts: ({ day }) => ({ date: day(300) }),
    async reach({ gateway, till, tap, atDays }) {
      const pupil = await enrol(gateway);
      return atDays(310, () => till.sell({ evidence: tap(pupil), ...SHOW }));
    },
  },
  {
    code: "GRANT_EXPIRED",
    by,
    how: "an aid for the permis 25 months after it was loaded",
    texts: () => ({
      date: windowOfMonths(Date.now() - DAYS_OF_25_MONTHS * DAY_MS, MONTHS_OF_PERMIS).lastDay,
    }),
    async reach(rig) {
      // In the past, for the till's certificate does not last 25 months.
      const pupil = await withPermis(rig, DAYS_OF_25_MONTHS);
      const asked = { avantage: "PERMIS_B", purchaseCents: 500 };
      return rig.till.sell({ evidence: rig.tap(pupil), ...asked });
    },
  },
];

const BALANCE: readonly GatewayRow[] = [
  {
    code: "ALREADY_USED",
    by,
    how: "a second first-aid training (T-25)",
    reach: (rig) => sellTimes(rig, { asked: { avantage: "PSC1", purchaseCents: 100 }, times: 2 }),
  },
  {
    code: "BALANCE_EXHAUSTED",
    by,
    how: "a book after the last cent",
    texts: { avantageLabel: "Livres loisir" },
    reach: (rig) => sellTimes(rig, { asked: BOOKS, times: 2 }),
  },
  {
    code: "SEATS_EXHAUSTED",
    by,
    how: "three seats where two are left",
    texts: { remaining: { unit: "SEAT", value: 2 } },
    reach: (rig) => sellTimes(rig, { asked: { avantage: "CINEMA", quantity: 3 }, times: 2 }),
  },
  {
    code: "COUPONS_EXHAUSTED",
    by,
    how: "two coupons where none is left",
    texts: { remaining: { unit: "COUPON", value: 0 } },
    async reach(rig) {
      const pupil = await withCoupons(rig, 2);
      const two = { avantage: "SANTE_COUPON", quantity: 2 };
      await rig.till.sell({ evidence: rig.tap(pupil), ...two });
      return rig.till.sell({ evidence: rig.tap(pupil), ...two });
    },
  },
  {
    code: "INSUFFICIENT_BALANCE",
    by,
    how: "a till that wants all or nothing",
    texts: { remaining: { unit: "EUR_CENT", value: 1_500 } },
    reach: async ({ gateway, till, tap }) =>
      till.sell({
        evidence: tap(await enrol(gateway)),
        ...BOOKS,
        purchaseCents: 1_501,
        exact: true,
      }),
  },
  {
    code: "VELOCITY_LIMIT",
    by,
    how: "one sale more than the catalogue lets an account make in a minute",
    reach: (rig) =>
      sellTimes(rig, {
        asked: { avantage: "SPECTACLE", purchaseCents: 100 },
        times: SALES_PER_MINUTE_MAX + 1,
      }),
  },
];

export const RIGHTS_ROWS: readonly GatewayRow[] = [...RIGHTS, ...BALANCE];
