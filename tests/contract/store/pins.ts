// The PIN's tries are counted by card over all terminals; a key serial number is taken once and only upward.

import { describe, expect, it } from "vitest";
import { parseStoredInput } from "../../../gateway/src/store/stored-input.js";
import { TEST_PIN, WRONG_PIN } from "../../support/presentations.js";
import { codeOf } from "../../support/shop.js";
import { type MakeDriver, openFor } from "./open.js";

const WRONG_THRICE = [WRONG_PIN, WRONG_PIN, WRONG_PIN];

export function describePins(makeDriver: MakeDriver): void {
  describe("a PIN", () => {
    it("guessed a hundred times at once at a hundred terminals is evaluated three times", async () => {
      const shop = await openFor(makeDriver, { terminals: 100 });
      const guesses = Array.from({ length: 100 }, (_, index) => {
        const terminal = shop.terminal(index);
        return shop.authorize({ evidence: terminal.scan(shop.card(), WRONG_PIN) }, terminal);
      });
      const codes = (await Promise.all(guesses)).map(codeOf);
      expect(codes.filter((code) => code === "PIN_INCORRECT")).toHaveLength(1);
      expect(codes.filter((code) => code === "PIN_INCORRECT_LAST")).toHaveLength(1);
      expect(codes.filter((code) => code === "PIN_LOCKED")).toHaveLength(98);
      expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 3 }]);
      const right = { evidence: shop.terminal().scan(shop.card(), TEST_PIN) };
      expect(codeOf(await shop.authorize(right))).toBe("PIN_LOCKED");
      expect(codeOf(await shop.authorize({ evidence: shop.card().tap() }))).toBe("APPROVED");
    });

    it.each([
      ["before its turn, by a sale of nothing", { purchaseCents: 0 }, "AMOUNT_INVALID"],
      ["once it is locked", {}, "PIN_LOCKED"],
    ])("is nowhere told from another one %s", async (_when, asked, code) => {
      const shop = await openFor(makeDriver);
      const show = async (pin: string, change: { purchaseCents?: number } = {}) => {
        const evidence = shop.terminal().scan(shop.card(), pin);
        return codeOf(await shop.authorize({ evidence, ...change }));
      };
      if (code === "PIN_LOCKED") for (const pin of WRONG_THRICE) await show(pin);
      const before = (await shop.ledger()).attempts.length;
      expect([await show(WRONG_PIN, asked), await show(TEST_PIN, asked)]).toEqual([code, code]);
      const rows = (await shop.ledger()).attempts.slice(before);
      const facts = rows.map(({ input }) => parseStoredInput(input ?? "").facts);
      expect(facts).toMatchObject([
        { pin: { opened: true, matches: false } },
        { pin: { opened: true, matches: false } },
      ]);
      expect((await shop.store.replay()).differences).toEqual([]);
    });

    it("that is right after two errors gives all three tries back", async () => {
      const shop = await openFor(makeDriver);
      const scan = async (pin: string) =>
        codeOf(
          await shop.authorize({
            evidence: shop.terminal().scan(shop.card(), pin),
            purchaseCents: 1,
          }),
        );
      const pins = [WRONG_PIN, WRONG_PIN, TEST_PIN, WRONG_PIN, WRONG_PIN];
      const codes: string[] = [];
      for (const pin of pins) codes.push(await scan(pin));
      expect(codes).toEqual([
        "PIN_INCORRECT",
        "PIN_INCORRECT_LAST",
        "APPROVED",
        "PIN_INCORRECT",
        "PIN_INCORRECT_LAST",
      ]);
    });

    it("counts the same tries on a code, on a typed number and in an inquiry", async () => {
      const shop = await openFor(makeDriver);
      await shop.authorize({ evidence: shop.terminal(0).scan(shop.card(), WRONG_PIN) });
      await shop.inquire({ evidence: shop.terminal(0).scan(shop.card(), WRONG_PIN) });
      const terminal = shop.terminal(1);
      const third = await shop.authorize(
        { evidence: terminal.key(shop.card(), WRONG_PIN) },
        terminal,
      );
      expect(codeOf(third)).toBe("PIN_LOCKED");
    });

    it("that was never set uses no try", async () => {
      const shop = await openFor(makeDriver);
      await shop.store.load({ cards: [shop.card().record({ pin: null })] });
      const scan = { evidence: shop.terminal().scan(shop.card()) };
      expect(codeOf(await shop.authorize(scan))).toBe("PIN_NOT_SET");
      expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 0 }]);
    });
  });

  describe("a PIN block", () => {
    it("passes once: neither the same key again nor an older one is accepted", async () => {
      const shop = await openFor(makeDriver);
      const at = async (counter: number) => {
        const pinBlock = shop.terminal().pinBlockAt(counter, shop.card());
        const evidence = { type: "qr", token: shop.card().printedCode(), pinBlock } as const;
        return codeOf(await shop.authorize({ evidence, purchaseCents: 1 }));
      };
      expect([await at(5), await at(5), await at(4), await at(1), await at(9)]).toEqual([
        "APPROVED",
        "PIN_BLOCK_INVALID",
        "PIN_BLOCK_INVALID",
        "PIN_BLOCK_INVALID",
        "APPROVED",
      ]);
    });

    it("is used up by a code that is none: the same block does not pass with a good code after it", async () => {
      const shop = await openFor(makeDriver);
      const good = shop.terminal().scan(shop.card());
      if (good.type !== "qr") throw new Error("a scan is a code");
      const spoiled = { ...good, token: "PR1.P.1.none" };
      expect(codeOf(await shop.authorize({ evidence: spoiled }))).toBe("QR_INVALID");
      expect(codeOf(await shop.authorize({ evidence: good }))).toBe("PIN_BLOCK_INVALID");
    });

    it("opens for no other card and at no other terminal, and costs no card a try", async () => {
      const shop = await openFor(makeDriver, { cards: 2 });
      const [card, other] = [shop.card(0), shop.card(1)];
      const moved = {
        type: "qr",
        token: other.printedCode(),
        pinBlock: shop.terminal(0).pinBlock(card),
      } as const;
      expect(codeOf(await shop.authorize({ evidence: moved }))).toBe("PIN_BLOCK_INVALID");
      const foreign = shop.terminal(0).scan(card);
      expect(codeOf(await shop.authorize({ evidence: foreign }, shop.terminal(1)))).toBe(
        "PIN_BLOCK_INVALID",
      );
      expect((await shop.ledger()).cards).toMatchObject([{ pinFailures: 0 }, { pinFailures: 0 }]);
    });
  });
}
