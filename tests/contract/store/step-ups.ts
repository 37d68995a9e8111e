// A tap above its card's ceiling, and the code secret that follows it: one try of the card, one sale, one proof.

import { describe, expect, it } from "vitest";
import { type HeldTerminal, TEST_PIN, WRONG_PIN } from "../../support/presentations.js";
import { codeOf, decisionOf, type Shop } from "../../support/shop.js";
import { withCeilings } from "./cases.js";
import { type MakeDriver, openFor } from "./open.js";

const ABOVE_CEILING = { purchaseCents: 2_001 };
const programme = withCeilings({ tapCents: 2_000, dayCents: 2_500 });

/** A tap that is declined for want of the code secret: its id and its proof. */
async function tapAboveCeiling(shop: Shop, terminal: HeldTerminal = shop.terminal()) {
  const request = shop.request(ABOVE_CEILING);
  const declined = await shop.authorize(request, terminal);
  expect(codeOf(declined)).toBe("PIN_REQUIRED");
  const { proofRef } = decisionOf(declined).answer;
  if (proofRef === undefined) throw new Error("this tap cannot be followed by a code secret");
  return { stepUpOf: request.id, proofRef, terminal };
}

type Tap = Awaited<ReturnType<typeof tapAboveCeiling>>;

const stepUp = (shop: Shop, { stepUpOf, proofRef, terminal }: Tap, pin = TEST_PIN) =>
  shop.authorize(
    { evidence: terminal.stepUp(proofRef, pin), stepUpOf, ...ABOVE_CEILING },
    terminal,
  );

export function describeStepUps(makeDriver: MakeDriver): void {
  describe("a code secret after a tap", () => {
    it("guessed wrong a hundred times at once at a hundred terminals is evaluated three times", async () => {
      const shop = await openFor(makeDriver, { programme, terminals: 100 });
      const taps: Tap[] = [];
      // One after the other: a card's messages count upward.
      for (let index = 0; index < 100; index += 1) {
        taps.push(await tapAboveCeiling(shop, shop.terminal(index)));
      }
      const guesses = taps.map((tap) => stepUp(shop, tap, WRONG_PIN));
      const codes = (await Promise.all(guesses)).map(codeOf);
      expect(codes.filter((code) => code === "PIN_INCORRECT")).toHaveLength(1);
      expect(codes.filter((code) => code === "PIN_INCORRECT_LAST")).toHaveLength(1);
      expect(codes.filter((code) => code === "PIN_LOCKED")).toHaveLength(98);
      expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 3 }]);
      expect(codeOf(await stepUp(shop, await tapAboveCeiling(shop)))).toBe("PIN_LOCKED");
      expect(await shop.spent("SPECTACLE")).toBe(0);
    });

    it("counts its tries with those of a scan and of a typed number", async () => {
      const shop = await openFor(makeDriver, { programme });
      const terminal = shop.terminal();
      const codes = [
        await shop.authorize({ evidence: terminal.scan(shop.card(), WRONG_PIN) }),
        await stepUp(shop, await tapAboveCeiling(shop), WRONG_PIN),
        await shop.authorize({ evidence: terminal.key(shop.card(), WRONG_PIN) }),
      ].map(codeOf);
      expect(codes).toEqual(["PIN_INCORRECT", "PIN_INCORRECT_LAST", "PIN_LOCKED"]);
    });

    it("that is right gives all tries back, and is not counted among what taps took", async () => {
      const shop = await openFor(makeDriver, { programme });
      await stepUp(shop, await tapAboveCeiling(shop), WRONG_PIN);
      const right = await stepUp(shop, await tapAboveCeiling(shop));
      expect(codeOf(right)).toBe("APPROVED");
      expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 0, tapped: null }]);
      expect(await shop.spent("SPECTACLE")).toBe(ABOVE_CEILING.purchaseCents);
      expect((await shop.store.verify()).faults).toEqual([]);
      expect((await shop.store.replay()).differences).toEqual([]);
    });

    it("sent twenty times at once, each under a key of its own, pays once", async () => {
      const shop = await openFor(makeDriver, { programme });
      const tap = await tapAboveCeiling(shop);
      const sales = Array.from({ length: 20 }, () => stepUp(shop, tap));
      const codes = (await Promise.all(sales)).map(codeOf);
      expect(codes.filter((code) => code === "APPROVED")).toHaveLength(1);
      expect(codes.filter((code) => code === "PROOF_EXPIRED")).toHaveLength(19);
      expect(await shop.spent("SPECTACLE")).toBe(ABOVE_CEILING.purchaseCents);
    });

    it("is of no use at another terminal, where it costs no try and does not use the tap up", async () => {
      const shop = await openFor(makeDriver, { programme });
      const tap = await tapAboveCeiling(shop);
      const elsewhere = { ...tap, terminal: shop.terminal(1) };
      expect(codeOf(await stepUp(shop, elsewhere, WRONG_PIN))).toBe("PROOF_EXPIRED");
      expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 0 }]);
      expect(codeOf(await stepUp(shop, tap))).toBe("APPROVED");
    });

    it("that was typed for another tap costs no try", async () => {
      const shop = await openFor(makeDriver, { programme });
      const [tap, other] = [await tapAboveCeiling(shop), await tapAboveCeiling(shop)];
      const { pinBlock } = shop.terminal().stepUp(other.proofRef, WRONG_PIN);
      const { stepUpOf, proofRef } = tap;
      const evidence = { type: "proofRef", proofRef, ...(pinBlock && { pinBlock }) } as const;
      const moved = await shop.authorize({ evidence, stepUpOf, ...ABOVE_CEILING });
      expect(codeOf(moved)).toBe("PIN_BLOCK_INVALID");
      expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 0 }]);
    });

    it.each([
      [59_999, "APPROVED"],
      [60_000, "PROOF_EXPIRED"],
    ])("that comes %i ms after the tap is %s", async (ageMs, code) => {
      const shop = await openFor(makeDriver, { programme });
      const tap = await tapAboveCeiling(shop);
      shop.clock.advance(ageMs);
      expect(codeOf(await stepUp(shop, tap))).toBe(code);
    });

    it("does not outlive the card", async () => {
      const shop = await openFor(makeDriver, { programme });
      const tap = await tapAboveCeiling(shop);
      await shop.store.load({ cards: [shop.card().record({ status: "STOLEN" })] });
      expect(codeOf(await stepUp(shop, tap))).toBe("CARD_STOLEN");
    });
  });
}
