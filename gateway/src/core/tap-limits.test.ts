// What a tap that proves little may take, promise and tell, and what a holder who buys too often is offered.

import { describe, expect, it } from "vitest";
import {
  grantOf,
  inquiryCase,
  NOW_MS,
  programmeWith,
  qrFacts,
  saleCase,
} from "../../../tests/support/builders.js";
import { authorizationAnswer } from "./answers.js";
import { decide, RULES } from "./decide.js";
import type { Facts } from "./facts.js";

const facts: Facts = { kind: "nfcIdentifier" };
const card = { generation: "2018" };
const rich = [grantOf("MANUELS_CREDIT", { amount: 10_000 })];

describe("a tap by a static identifier", () => {
  it.each([
    ["a part would do", false],
    ["only the whole would do", true],
  ])("above its ceiling says nothing of the balance, be it that %s", (_what, exact) => {
    const sale = saleCase({
      avantage: "MANUELS_CREDIT",
      purchaseCents: 99_999,
      exact,
      facts,
      card,
      grants: rich,
    });
    const decided = decide(sale);
    expect(decided).toMatchObject({ code: "PIN_REQUIRED", credentialPassed: false, figures: {} });
    expect(authorizationAnswer(sale.request, decided, sale)).not.toHaveProperty("available");
  });

  it("asks for the code secret in the words of a scan without one", () => {
    const sale = saleCase({
      avantage: "MANUELS_CREDIT",
      purchaseCents: 9_000,
      facts,
      card,
      grants: rich,
    });
    const tapped = authorizationAnswer(sale.request, decide(sale), sale);
    const coded = saleCase({ facts: qrFacts({ pin: null }) });
    const scanned = authorizationAnswer(coded.request, decide(coded), coded);
    const asked = { code: "PIN_REQUIRED", retry: "NOW", display: scanned.display };
    expect(tapped).toMatchObject(asked);
    expect(scanned).toMatchObject(asked);
    expect(scanned.display[1]).toBe("FAIRE SAISIR LE CODE");
  });

  it.each([
    ["is not promised a cover that it could not take", 5_000, undefined],
    ["is promised what it can take", 3_000, 3_000],
  ])("%s", (_what, purchaseCents, coversCents) => {
    const asked = inquiryCase({
      avantage: "MANUELS_CREDIT",
      purchaseCents,
      facts,
      card,
      grants: rich,
    });
    expect(decide(asked).avantages[0]?.coversCents).toBe(coversCents);
  });
});

it("a tap of a chip that can be cloned is told no balance, but for the rules of before", () => {
  const asked = inquiryCase({ avantage: "MANUELS_CREDIT", facts, card, grants: rich });
  expect(decide(asked).avantages).toMatchObject([{ avantage: "MANUELS_CREDIT", state: "open" }]);
  expect(decide(asked).avantages[0]).not.toHaveProperty("remaining");
  const offered = decide(saleCase({ avantage: "SPECTACLE", facts, card, grants: rich }));
  expect(offered.avantages[0]).not.toHaveProperty("remaining");
  const remaining = { unit: "EUR_CENT", value: 10_000 };
  for (const version of [2, 3]) {
    expect(RULES.get(version)?.(asked).avantages).toMatchObject([{ remaining }]);
  }
  const genuine = inquiryCase({ avantage: "MANUELS_CREDIT", grants: rich });
  expect(decide(genuine).avantages).toMatchObject([{ remaining }]);
});

it("a card of the same generation with its code secret is promised all that it has", () => {
  const asked = inquiryCase({
    avantage: "MANUELS_CREDIT",
    purchaseCents: 5_000,
    facts: qrFacts({ tokenKind: "number", keyId: null }),
    card,
    grants: rich,
  });
  expect(decide(asked).avantages[0]?.coversCents).toBe(5_000);
});

describe("the other avantages that can be used here", () => {
  it("are offered on the decline of a record too, once holder or chip owner is known", () => {
    const record = { avantage: "MANUELS_GRATUITS", grants: [grantOf("SPECTACLE")] };
    const offered = (change: object) =>
      decide(saleCase({ ...record, ...change })).avantages.map(({ avantage }) => avantage);
    expect(offered({})).toContain("SPECTACLE");
    expect(offered({ facts: qrFacts() })).toContain("SPECTACLE");
    expect(offered({ card: { pinSet: false } })).toEqual([]);
  });

  it("are not offered to who has bought too often", () => {
    const velocity = { salesMax: 1, withinMs: 60_000 };
    const decided = decide(
      saleCase({
        programme: programmeWith({ settings: { velocity } }),
        grants: [grantOf("SPECTACLE"), grantOf("CINEMA")],
        recentSalesMs: [NOW_MS - 1],
      }),
    );
    expect(decided).toMatchObject({ code: "VELOCITY_LIMIT", avantages: [], proofRef: null });
  });
});
