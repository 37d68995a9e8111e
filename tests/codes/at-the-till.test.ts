// All units at a till: the SDK with a simulated reader, mutual TLS, the gateway and SQLite on disk.

import type { SaleResult } from "@pass-tpe/terminal-sdk";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Pupil } from "../operators/events.js";
import { programmeAround, TEST_PIN } from "../support/running-gateway.js";
import { withCoupons } from "./approval-rows.js";
import { about, apprentiAged, enrol, OPERATOR, send } from "./pupils.js";
import { type Rig, startRig } from "./rig.js";
import { chipOf, type SdkTill } from "./sdk-till.js";

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

/** Gives the till a card that is tapped whenever one is asked for. */
function holding(pupil: Pupil): void {
  const chip = chipOf(rig.gateway, pupil);
  till.whenAsked(() => till.reader.tap(chip));
}

/** What stands for the card in the next sale. */
function proofOf(result: SaleResult): { readonly proofRef: string } {
  if (!("proofRef" in result) || result.proofRef === undefined) {
    throw new Error(`${result.code} came without a proof`);
  }
  return { proofRef: result.proofRef };
}

async function movedEntries(): Promise<number> {
  const report = await rig.gateway.operator.verify();
  expect(report.faults).toEqual([]);
  return report.entries;
}

describe("euros", () => {
  test("cover a part; once used up, another avantage is offered and paid without a second tap", async () => {
    holding(await enrol(rig.gateway));
    const books = { avantage: "LIVRES_LOISIR", purchaseCents: 2_000 };
    expect(await till.terminal.sell(books)).toMatchObject({
      code: "APPROVED_PARTIAL",
      moneyMoved: "yes",
      amountCents: 1_500,
      collectCents: 500,
      display: ["ACCEPTE PARTIEL 15,00 EUR", "RESTE A PAYER 5,00 EUR"],
      holder: "Camille D.",
    });
    const refused = await till.terminal.sell(books);
    expect(refused).toMatchObject({
      code: "BALANCE_EXHAUSTED",
      moneyMoved: "no",
      available: { unit: "EUR_CENT", value: 0 },
      usableHere: expect.arrayContaining([
        expect.objectContaining({
          avantage: "SPECTACLE",
          state: "open",
          remaining: { unit: "EUR_CENT", value: 3_000 },
          coversCents: 2_000,
          collectCents: 0,
        }),
      ]),
    });
    const tapsBefore = till.taps();
    const show = { avantage: "SPECTACLE", purchaseCents: 2_000, ...proofOf(refused) };
    expect(await till.terminal.sell(show)).toMatchObject({ code: "APPROVED", amountCents: 2_000 });
    expect(till.taps()).toBe(tapsBefore);
  });

  test("say how much there is to a till that wants all or nothing, which then asks for that much", async () => {
    holding(await enrol(rig.gateway));
    const show = { avantage: "SPECTACLE", exact: true };
    const refused = await till.terminal.sell({ ...show, purchaseCents: 3_500 });
    expect(refused).toMatchObject({
      code: "INSUFFICIENT_BALANCE",
      available: { unit: "EUR_CENT", value: 3_000 },
    });
    const amended = await till.terminal.sell({
      ...show,
      purchaseCents: 3_000,
      ...proofOf(refused),
    });
    expect(amended).toMatchObject({ code: "APPROVED", amountCents: 3_000 });
    expect(till.taps()).toBe(1);
  });

  test("of single use close with the first use, and a full reversal opens them again (T-25)", async () => {
    holding(await enrol(rig.gateway));
    const training = { avantage: "PSC1", purchaseCents: 4_000 };
    const first = await till.terminal.sell(training);
    expect(first).toMatchObject({
      code: "APPROVED",
      amountCents: 4_000,
      remaining: { unit: "EUR_CENT", value: 0 },
    });
    expect(await till.terminal.sell(training)).toMatchObject({ code: "ALREADY_USED" });
    expect(await till.terminal.reverse(first.id ?? "")).toMatchObject({
      outcome: "reversed",
      returned: { unit: "EUR_CENT", value: 4_000 },
    });
    const again = await till.terminal.sell({ ...training, purchaseCents: 6_000 });
    expect(again).toMatchObject({ code: "APPROVED", amountCents: 6_000 });
  });
});

describe("what is counted", () => {
  test("as seats leaves one euro each to collect", async () => {
    holding(await enrol(rig.gateway));
    expect(await till.terminal.sell({ avantage: "CINEMA", quantity: 2 })).toMatchObject({
      code: "APPROVED_SEATS",
      moneyMoved: "yes",
      quantity: 2,
      collectCents: 200,
      remaining: { unit: "SEAT", value: 3 },
      display: ["ACCEPTE 2 PLACES", "ENCAISSER 2,00 EUR"],
    });
    expect(await till.terminal.sell({ avantage: "CINEMA", quantity: 4 })).toMatchObject({
      code: "SEATS_EXHAUSTED",
      available: { unit: "SEAT", value: 3 },
    });
  });

  test("as coupons leaves nothing to collect", async () => {
    holding(await withCoupons(rig, 3));
    expect(await till.terminal.sell({ avantage: "SANTE_COUPON", quantity: 2 })).toMatchObject({
      code: "APPROVED_COUPONS",
      quantity: 2,
      collectCents: 0,
      remaining: { unit: "COUPON", value: 1 },
    });
  });
});

describe("what is recorded", () => {
  test("takes nothing, and tells the declared value", async () => {
    holding(await enrol(rig.gateway, { attributes: apprentiAged(17) }));
    const before = await movedEntries();
    const handedOut = { avantage: "APPRENTI_EQUIPEMENT", purchaseCents: 45_000 };
    const result = await till.terminal.sell(handedOut);
    expect(result).toMatchObject({
      code: "APPROVED_RECORD",
      moneyMoved: "no",
      declaredCents: 45_000,
      display: ["ENREGISTRE", "SANS DEBIT"],
    });
    for (const field of ["amountCents", "collectCents", "remaining"]) {
      expect(result).not.toHaveProperty(field);
    }
    expect(await movedEntries()).toBe(before);
  });

  test("at a museum is one visit within a minute, and another the day after (T-32)", async () => {
    holding(await enrol(rig.gateway));
    const visit = { avantage: "MUSEE" };
    expect(await till.terminal.sell(visit)).toMatchObject({ code: "APPROVED_RECORD" });
    expect(await till.terminal.sell(visit)).toMatchObject({
      code: "APPROVED_SAME_VISIT",
      moneyMoved: "no",
      display: ["DEJA ENREGISTRE", "MEME PASSAGE"],
    });
    await rig.atDays(1, async () => {
      expect(await till.terminal.sell(visit)).toMatchObject({ code: "APPROVED_RECORD" });
    });
  });
});

describe("an inquiry", () => {
  test("tells what the card can use here, and its proof makes the sale without a second tap", async () => {
    holding(await enrol(rig.gateway));
    const answer = await till.terminal.inquire({ avantage: "LIVRES_LOISIR", purchaseCents: 1_900 });
    expect(answer).toMatchObject({
      code: "INQUIRY_ANSWERED",
      moneyMoved: "no",
      holder: "Camille D.",
      avantages: [
        {
          avantage: "LIVRES_LOISIR",
          state: "open",
          coversCents: 1_500,
          collectCents: 400,
          usableUntil: rig.day(300),
        },
      ],
    });
    const { proofRef = "" } = answer;
    const books = { avantage: "LIVRES_LOISIR", purchaseCents: 1_900, proofRef };
    expect(await till.terminal.sell(books)).toMatchObject({
      code: "APPROVED_PARTIAL",
      amountCents: 1_500,
    });
    expect(till.taps()).toBe(1);
    expect(await till.terminal.sell(books)).toMatchObject({ code: "PROOF_EXPIRED" });
  });

  test("by code and PIN serves a sale without a second PIN", async () => {
    const { cardNumber } = await enrol(rig.gateway);
    const code = rig.gateway.operator.qrToken({ kind: "printed", cardNumber });
    till.whenAsked(() => till.reader.scan(code));
    till.typed.push(TEST_PIN);
    const { proofRef = "" } = await till.terminal.inquire();
    const seats = { avantage: "CINEMA", quantity: 1, proofRef };
    expect(await till.terminal.sell(seats)).toMatchObject({ code: "APPROVED_SEATS" });
    expect(till.events.filter(({ type }) => type === "pinRequested")).toHaveLength(1);
  });
});

describe("a decline before the credential has passed tells nothing of the holder:", () => {
  const SECRET = ["holder", "available", "usableHere", "remaining"];

  async function expectSilent(code: string, asked: Parameters<typeof till.terminal.sell>[0]) {
    const result = await till.terminal.sell(asked);
    expect(result).toMatchObject({ outcome: "declined", code, moneyMoved: "no" });
    for (const field of SECRET) expect(result).not.toHaveProperty(field);
  }

  test("a training for a group", async () => {
    holding(await enrol(rig.gateway));
    const group = { avantage: "PSC1", purchaseCents: 18_000, quantity: 3 };
    await expectSilent("COLLECTIVE_USE_FORBIDDEN", group);
  });

  test("a wrong code secret, of somebody who has nothing left", async () => {
    const pupil = await enrol(rig.gateway);
    holding(pupil);
    const books = { avantage: "LIVRES_LOISIR", purchaseCents: 1_500 };
    expect(await till.terminal.sell(books)).toMatchObject({ code: "APPROVED" });
    const code = rig.gateway.operator.qrToken({ kind: "printed", cardNumber: pupil.cardNumber });
    till.whenAsked(() => till.reader.scan(code));
    till.typed.push("0000");
    await expectSilent("PIN_INCORRECT", books);
    till.typed.push(TEST_PIN);
    const passed = await till.terminal.sell(books);
    expect(passed).toMatchObject({ code: "BALANCE_EXHAUSTED", holder: "Camille D." });
  });

  test("a holder who has chosen no code secret", async () => {
    holding(await enrol(rig.gateway, { pin: null }));
    await expectSilent("PIN_NOT_SET", { avantage: "SPECTACLE", purchaseCents: 500 });
  });

  test("a partner that may not take the avantage", async () => {
    holding(await enrol(rig.gateway));
    const tools = { avantage: "EQUIPEMENT", purchaseCents: 500 };
    await expectSilent("AVANTAGE_NOT_ACCEPTED_HERE", tools);
    expect(till.taps()).toBe(0);
  });
});

describe("a quantity where an amount is due, or the reverse,", () => {
  const MIXED_UP = [
    ["seats for euros", "AMOUNT_INVALID", { avantage: "SPECTACLE", quantity: 2 }],
    ["euros for seats", "QUANTITY_INVALID", { avantage: "CINEMA", purchaseCents: 1_000 }],
    ["euros for coupons", "QUANTITY_INVALID", { avantage: "SANTE_COUPON", purchaseCents: 900 }],
  ] as const;

  test.each(MIXED_UP)(
    "is refused by the SDK before a card is asked for: %s",
    async (_, code, asked) => {
      expect(await till.terminal.sell(asked)).toMatchObject({ outcome: "declined", code });
      expect(till.taps()).toBe(0);
    },
  );

  test.each([
    ...MIXED_UP,
    [
      "seats beside euros",
      "QUANTITY_INVALID",
      { avantage: "SPECTACLE", purchaseCents: 900, quantity: 2 },
    ],
    [
      "an amount without a declared value",
      "AMOUNT_INVALID",
      { avantage: "MUSEE", purchaseCents: 9 },
    ],
    ["visitors counted", "QUANTITY_INVALID", { avantage: "MUSEE", quantity: 2 }],
  ] as const)("is declined by the gateway, and nothing moves: %s", async (_, code, asked) => {
    const before = await movedEntries();
    const pupil = await enrol(rig.gateway);
    const { status, body } = await rig.till.sell({ evidence: rig.tap(pupil), ...asked });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: "declined", code });
    expect(body).not.toHaveProperty("holder");
    expect(await movedEntries()).toBe(before);
    // The tap was used up, and the proof that came with the refusal stands for it.
    const evidence = { type: "proofRef", proofRef: String(body["proofRef"]) } as const;
    const amended = await rig.till.sell({ evidence, avantage: "CINEMA", quantity: 1 });
    expect(amended.body).toMatchObject({ code: "APPROVED_SEATS" });
  });
});

test("an aid for the permis is offered beside what a campaign gives, each until its own day", async () => {
  const pupil = await enrol(rig.gateway);
  const mission = { commitment: "MISSION_80H", proofs: ["CERTIFICAT_MISSION"] };
  await send(rig.gateway, OPERATOR, [about(pupil, "commitment.fulfilled", mission)]);
  holding(pupil);
  const answer = await till.terminal.inquire();
  expect(answer).toMatchObject({
    avantages: expect.arrayContaining([
      expect.objectContaining({
        avantage: "PERMIS_B",
        remaining: { unit: "EUR_CENT", value: 50_000 },
      }),
      expect.objectContaining({ avantage: "CINEMA", usableUntil: rig.day(300) }),
    ]),
  });
});
