// What a card shows is taken once: the same message, or the same code of the app, never passes again.

import type { Evidence } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import { codeOf } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

function count(codes: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    [...new Set(codes)].map((code) => [code, codes.filter((it) => it === code).length]),
  );
}

/** The message of a card with one character of its code changed. */
function falsified(evidence: Evidence): Evidence {
  if (!("message" in evidence)) throw new Error("only a tap has a message");
  const last = evidence.message.endsWith("0") ? "1" : "0";
  return { ...evidence, message: `${evidence.message.slice(0, -1)}${last}` };
}

export function describeCards(makeDriver: MakeDriver): void {
  describe("a card message", () => {
    it("passes once, and not again at another terminal", async () => {
      const shop = await openFor(makeDriver);
      const evidence = shop.card().tap();
      expect(codeOf(await shop.authorize({ evidence }, shop.terminal(0)))).toBe("APPROVED");
      expect(codeOf(await shop.authorize({ evidence }, shop.terminal(1)))).toBe("CARD_NOT_GENUINE");
    });

    it("sent fifty times at once under as many ids is approved once", async () => {
      const shop = await openFor(makeDriver);
      const evidence = shop.card().tap();
      const sales = Array.from({ length: 50 }, (_, index) =>
        shop.authorize({ evidence, purchaseCents: 10 }, shop.terminal(index % 2)),
      );
      const codes = (await Promise.all(sales)).map(codeOf);
      expect(count(codes)).toEqual({ APPROVED: 1, CARD_NOT_GENUINE: 49 });
      expect(await shop.spent("SPECTACLE")).toBe(10);
    });

    it("is used up by a sale that was refused, whatever the next one asks for", async () => {
      const shop = await openFor(makeDriver);
      const evidence = shop.card().tap();
      expect(codeOf(await shop.authorize({ evidence, avantage: "MUSEE" }))).toBe("AMOUNT_INVALID");
      expect(codeOf(await shop.authorize({ evidence }))).toBe("CARD_NOT_GENUINE");
    });

    it("may leave a gap, and may not go back", async () => {
      const shop = await openFor(makeDriver);
      const at = async (counter: number) =>
        codeOf(await shop.authorize({ evidence: shop.card().tapAt(counter), purchaseCents: 1 }));
      expect([await at(1), await at(900), await at(899), await at(900), await at(901)]).toEqual([
        "APPROVED",
        "APPROVED",
        "CARD_NOT_GENUINE",
        "CARD_NOT_GENUINE",
        "APPROVED",
      ]);
    });

    it("with a false code is refused and does not hinder the true one", async () => {
      const shop = await openFor(makeDriver);
      const evidence = shop.card().tap();
      expect(codeOf(await shop.authorize({ evidence: falsified(evidence) }))).toBe(
        "CARD_NOT_GENUINE",
      );
      expect(codeOf(await shop.authorize({ evidence }))).toBe("APPROVED");
    });

    it.each<[string, Evidence]>([
      ["of no card", { type: "nfc", message: "https://example.org/" }],
      ["that is a bare identifier", { type: "nfc", identifier: "04000000000000" }],
    ])("%s is not genuine", async (_what, evidence) => {
      const shop = await openFor(makeDriver);
      expect(codeOf(await shop.authorize({ evidence }))).toBe("CARD_NOT_GENUINE");
    });

    it("of a genuine card that was never loaded is of an unknown card", async () => {
      const stranger = await openFor(makeDriver, { cards: 2 });
      const shop = await openFor(makeDriver, { cards: 1 });
      const evidence = stranger.card(1).tap();
      expect(codeOf(await shop.authorize({ evidence }))).toBe("CARD_UNKNOWN");
    });
  });

  describe("a code of the app", () => {
    it("passes once, and not again at another terminal", async () => {
      const shop = await openFor(makeDriver);
      const card = shop.card();
      const token = card.appCode(shop.clock.nowMs());
      const show = (index: number) => {
        const pinBlock = shop.terminal(index).pinBlock(card);
        return shop.authorize({ evidence: { type: "qr", token, pinBlock } }, shop.terminal(index));
      };
      expect(codeOf(await show(0))).toBe("APPROVED");
      expect(codeOf(await show(1))).toBe("QR_INVALID");
    });

    it.each([
      [89_999, "APPROVED"],
      [90_000, "QR_INVALID"],
      [-30_000, "APPROVED"],
      [-30_001, "QR_INVALID"],
    ])("presented %i ms after it was made is %s", async (ageMs, code) => {
      const shop = await openFor(makeDriver);
      const token = shop.card().appCode(shop.clock.nowMs());
      shop.clock.advance(ageMs);
      const pinBlock = shop.terminal().pinBlock(shop.card());
      expect(codeOf(await shop.authorize({ evidence: { type: "qr", token, pinBlock } }))).toBe(
        code,
      );
    });

    it("that is printed passes as often as the PIN is right", async () => {
      const shop = await openFor(makeDriver);
      const scan = () => shop.authorize({ evidence: shop.terminal().scan(shop.card()) });
      expect([codeOf(await scan()), codeOf(await scan())]).toEqual(["APPROVED", "APPROVED"]);
    });
  });
}
