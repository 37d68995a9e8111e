// What a till does after the approval: the SDK with a simulated reader, mutual TLS, the gateway and SQLite on disk.

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { programmeAround } from "../support/running-gateway.js";
import { enrol } from "./pupils.js";
import { type Rig, startRig } from "./rig.js";
import { chipOf, type SdkTill } from "./sdk-till.js";

const A_WEEK_LATER_DAYS = 8;
const SHOW = { avantage: "SPECTACLE", purchaseCents: 2_000 };
const euros = (value: number) => ({ unit: "EUR_CENT", value });

let rig: Rig;
let till: SdkTill;
beforeAll(async () => {
  rig = await startRig(programmeAround);
  till = await rig.sdk();
});
beforeEach(() => till.forget());
afterAll(async () => {
  await till.close();
  await rig.stop();
});

type Chip = ReturnType<typeof chipOf>;
const newChip = async (): Promise<Chip> => chipOf(rig.gateway, await enrol(rig.gateway));

/** A sale by a tap of a card, of a new pupil where none is given, and its id. */
async function sell(fields: object = {}, chip?: Chip): Promise<string> {
  const card = chip ?? (await newChip());
  till.whenAsked(() => till.reader.tap(card));
  const sold = await till.terminal.sell({ ...SHOW, ...fields });
  expect(sold).toMatchObject({ outcome: "approved" });
  return sold.id ?? "";
}

const hold = (fields: object = {}) => sell({ capture: false, ...fields });

describe("a hold", () => {
  test("is captured for less, and the rest is there for the next sale", async () => {
    const chip = await newChip();
    const id = await sell({ capture: false }, chip);
    expect(await till.terminal.capture(id, { amountCents: 1_500 })).toMatchObject({
      outcome: "captured",
      code: "CAPTURED",
      amountCents: 1_500,
      released: euros(500),
      display: ["VENTE CONFIRMEE", "15,00 EUR"],
    });
    expect(await till.terminal.sell(SHOW)).toMatchObject({
      code: "APPROVED_PARTIAL",
      amountCents: 1_500,
    });
  });

  test("gives at most what it keeps, and that once", async () => {
    const id = await hold();
    expect(await till.terminal.capture(id, { amountCents: 2_001 })).toMatchObject({
      outcome: "declined",
      code: "CAPTURE_OVER_HOLD",
      retry: "AMEND",
      available: euros(2_000),
    });
    expect(await till.terminal.capture(id)).toMatchObject({ code: "CAPTURED" });
    expect(await till.terminal.capture(id, { amountCents: 100 })).toMatchObject({
      outcome: "declined",
      code: "ALREADY_CAPTURED",
    });
  });

  test("of seats is captured by their number, which is what is collected for", async () => {
    const seats = { avantage: "CINEMA", purchaseCents: undefined, quantity: 3 };
    const id = await hold(seats);
    expect(await till.terminal.capture(id, { quantity: 2 })).toMatchObject({
      code: "CAPTURED",
      quantity: 2,
      collectCents: 200,
      released: { unit: "SEAT", value: 1 },
    });
  });

  test("that nobody captured is over, and the till is told", async () => {
    const id = await hold();
    const late = await rig.atDays(1, () => till.terminal.capture(id));
    expect(late).toMatchObject({
      outcome: "declined",
      code: "HOLD_EXPIRED",
      moneyMoved: "no",
      display: ["RESERVATION EXPIREE", "RECOMMENCER LA VENTE"],
    });
  });

  test("that is reversed leaves nothing to capture", async () => {
    const id = await hold();
    expect(await till.terminal.reverse(id)).toMatchObject({ outcome: "reversed" });
    expect(await till.terminal.capture(id)).toMatchObject({ code: "ALREADY_REVERSED" });
  });
});

test("a final sale has nothing to capture", async () => {
  const id = await sell();
  expect(await till.terminal.capture(id)).toMatchObject({ code: "NOTHING_TO_CAPTURE" });
});

describe("a refund", () => {
  test("is made in parts, never above what was taken, and its repeat gives nothing more", async () => {
    const of = await sell();
    const first = await till.terminal.refund({ of, amountCents: 1_200 });
    expect(first).toMatchObject({
      outcome: "refunded",
      code: "REFUNDED",
      returned: euros(1_200),
      refundable: euros(800),
      display: ["CARTE RECREDITEE", "12,00 EUR RENDUS"],
    });
    const refundId = first.id ?? "";
    expect(await till.terminal.refund({ of, refundId, amountCents: 1_200 })).toMatchObject({
      outcome: "refunded",
      refundable: euros(800),
    });
    expect(await till.terminal.refund({ of, amountCents: 900 })).toMatchObject({
      outcome: "declined",
      code: "REFUND_OVER_CAPTURED",
      available: euros(800),
    });
    expect(await till.terminal.refund({ of })).toMatchObject({ returned: euros(800) });
  });

  test("is the way once the week's cut-off has passed", async () => {
    const of = await sell();
    await rig.atDays(A_WEEK_LATER_DAYS, async () => {
      expect(await till.terminal.reverse(of)).toMatchObject({
        outcome: "declined",
        code: "REVERSAL_TOO_LATE",
        display: ["ANNULATION TROP TARDIVE", "RECREDITER LA CARTE"],
      });
      expect(await till.terminal.refund({ of })).toMatchObject({
        code: "REFUNDED",
        returned: euros(2_000),
        usableUntil: rig.day(300),
      });
    });
  });

  test("of what another till of the partner sold needs its id alone", async () => {
    const evidence = rig.tap(await enrol(rig.gateway));
    const { body } = await rig.till.sell({ evidence, ...SHOW });
    const of = String(body["id"]);
    expect(await till.terminal.refund({ of, amountCents: 500 })).toMatchObject({
      outcome: "refunded",
      of,
      returned: euros(500),
    });
  });

  test("of what is only held gives nothing back", async () => {
    const of = await hold();
    expect(await till.terminal.refund({ of })).toMatchObject({
      outcome: "declined",
      code: "NOTHING_TO_REFUND",
    });
  });

  test("of a sale that no till of the partner made finds none", async () => {
    const of = rig.till.newId();
    expect(await till.terminal.refund({ of })).toMatchObject({
      outcome: "declined",
      code: "ORIGINAL_NOT_FOUND",
    });
  });
});

describe("a till's day", () => {
  test("of sales, records, captures, reversals and refunds agrees with the gateway's", async () => {
    const own = await rig.sdk({ credentials: await rig.running.terminal("T-DAY") });
    const chip = await newChip();
    const sold = async (fields: object) => {
      own.whenAsked(() => own.reader.tap(chip));
      return (await own.terminal.sell({ avantage: "SPECTACLE", ...fields })).id ?? "";
    };
    await sold({ avantage: "MUSEE" });
    await own.terminal.reverse(await sold({ purchaseCents: 300 }));
    await own.terminal.refund({ of: await sold({ purchaseCents: 400 }), amountCents: 100 });
    await own.terminal.capture(await sold({ purchaseCents: 500, capture: false }));
    await sold({ purchaseCents: 600, capture: false });
    expect(await own.terminal.reconcile()).toMatchObject({
      agreed: true,
      concordant: true,
      held: 1,
      differences: [],
    });
    await own.close();
  });
});

test("all of it left a ledger in which every balance is the sum of its entries", async () => {
  expect((await rig.gateway.operator.verify()).faults).toEqual([]);
});
