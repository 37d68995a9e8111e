// A capture takes what is held, all or less, once; at the instant of its expiry a hold is over.

import { describe, expect, it } from "vitest";
import { aHold, anAccount, grantOf, NOW_MS, ruleOf } from "../../../tests/support/builders.js";
import { BugError } from "./assert.js";
import { capture, expiryOf } from "./capture.js";
import type { Grant, Hold } from "./model.js";
import type { SaleFile } from "./sale-file.js";

const NOT_SAID = { amountCents: null, quantity: null };

function heldSale(change: Partial<SaleFile> = {}, hold: Partial<Hold> = {}): SaleFile {
  const grant: Grant = change.grant ?? grantOf("SPECTACLE", { spent: 500 });
  const own = aHold({ grantId: grant.id, units: 1000, expiresAtMs: NOW_MS + 1, ...hold });
  const account = anAccount();
  return {
    state: "held",
    account,
    grant,
    hold: own,
    holds: [own],
    partnerFlags: [],
    collectCents: null,
    taken: 0,
    returned: 0,
    ...change,
  };
}

const captured = (input: {
  sale?: SaleFile;
  asked?: { amountCents?: number; quantity?: number };
  code?: string;
  nowMs?: number;
}) => {
  const { sale = heldSale(), asked = {}, code = "SPECTACLE", nowMs = NOW_MS } = input;
  return capture({ sale, asked: { ...NOT_SAID, ...asked }, rule: ruleOf(code), nowMs });
};
const refusalOf = (result: ReturnType<typeof capture>) =>
  "refusal" in result ? result.refusal.code : "captured";

describe("a capture", () => {
  it("takes all that is held where nothing is said, and moves the account's time on", () => {
    const sale = heldSale();
    expect(captured({ sale })).toEqual({
      units: 1000,
      figures: {
        amountCents: 1000,
        taken: { unit: "EUR_CENT", value: 1000 },
        remaining: { unit: "EUR_CENT", value: 1500 },
      },
      effects: [
        {
          type: "endHold",
          terminalId: sale.hold?.terminalId,
          attemptId: sale.hold?.attemptId,
          grantId: sale.grant?.id,
          units: 1000,
          as: "captured",
        },
        { type: "post", grantId: sale.grant?.id, units: 1000, spentBefore: 500 },
        { type: "markDecided", accountId: "account-1", from: 0, to: NOW_MS },
      ],
    });
  });

  it("takes less where less is said, and tells what it let go of", () => {
    const result = captured({ asked: { amountCents: 400 } });
    expect(result).toMatchObject({
      units: 400,
      figures: {
        released: { unit: "EUR_CENT", value: 600 },
        remaining: { unit: "EUR_CENT", value: 2100 },
      },
    });
  });

  it("tells what the hold left to collect, and nothing of it where less is captured", () => {
    const sale = heldSale({ collectCents: 6_000 });
    expect(captured({ sale })).toMatchObject({ figures: { collectCents: 6_000 } });
    const part = captured({ sale, asked: { amountCents: 400 } });
    expect("figures" in part && part.figures).not.toHaveProperty("collectCents");
  });

  it("takes seats, and tells what to collect for them", () => {
    const sale = heldSale({ grant: grantOf("CINEMA") }, { units: 3 });
    expect(captured({ sale, code: "CINEMA", asked: { quantity: 2 } })).toMatchObject({
      units: 2,
      figures: { quantity: 2, collectCents: 200, released: { unit: "SEAT", value: 1 } },
    });
  });

  it("leaves what other sales hold of the grant out of the remainder", () => {
    const sale = heldSale();
    const other = aHold({ attemptId: "other", grantId: sale.grant?.id ?? "", units: 700 });
    const result = captured({ sale: { ...sale, holds: [...sale.holds, other] } });
    expect(result).toMatchObject({ figures: { remaining: { value: 800 } } });
  });

  it("knows its own hold from one of another terminal's sale with the same id", () => {
    const sale = heldSale();
    const other = aHold({ terminalId: "other", grantId: sale.grant?.id ?? "", units: 700 });
    const result = captured({ sale: { ...sale, holds: [...sale.holds, other] } });
    expect(result).toMatchObject({ figures: { remaining: { value: 800 } } });
  });

  it("counts the supplement in the remainder where the sale's partner can draw on it (T-23)", () => {
    const supplement = { amount: 300, partnerFlag: "librairie" };
    const grant = grantOf("SPECTACLE", { spent: 500, supplement });
    const remainingOf = (partnerFlags: readonly string[]) =>
      captured({ sale: heldSale({ grant, partnerFlags }) });
    expect(remainingOf(["librairie"])).toMatchObject({ figures: { remaining: { value: 1800 } } });
    expect(remainingOf([])).toMatchObject({ figures: { remaining: { value: 1500 } } });
  });

  it.each(["hold", "grant", "account"] as const)(
    "of a held sale without its %s is a bug",
    (part) => {
      const sale = { ...heldSale(), [part]: null };
      expect(() => captured({ sale })).toThrow(BugError);
    },
  );

  it("does not move an account's time back", () => {
    const account = anAccount({ lastDecisionAtMs: NOW_MS });
    const result = captured({ sale: heldSale({ account }) });
    expect("effects" in result && result.effects.map(({ type }) => type)).toEqual([
      "endHold",
      "post",
    ]);
  });

  it("is refused from the very instant on at which the hold expires", () => {
    const sale = heldSale({}, { expiresAtMs: NOW_MS });
    expect(refusalOf(captured({ sale, nowMs: NOW_MS - 1 }))).toBe("captured");
    expect(refusalOf(captured({ sale, nowMs: NOW_MS }))).toBe("HOLD_EXPIRED");
  });

  it.each([
    ["approved", "NOTHING_TO_CAPTURE"],
    ["declined", "NOTHING_TO_CAPTURE"],
    ["reversed", "ALREADY_REVERSED"],
    ["expired", "HOLD_EXPIRED"],
  ] as const)("of a sale that is %s is refused as %s", (state, code) => {
    expect(refusalOf(captured({ sale: heldSale({ state, hold: null, holds: [] }) }))).toBe(code);
  });

  it("of more than is held is refused, and told how much that is", () => {
    expect(captured({ asked: { amountCents: 1001 } })).toEqual({
      refusal: {
        code: "CAPTURE_OVER_HOLD",
        figures: { available: { unit: "EUR_CENT", value: 1000 } },
      },
    });
  });

  it.each([{ amountCents: 0 }, { amountCents: -1 }, { amountCents: 1.5 }, { quantity: 1 }])(
    "of %o is no amount",
    (asked) => {
      expect(refusalOf(captured({ asked }))).toBe("AMOUNT_INVALID");
    },
  );

  it.each([{ quantity: 0 }, { amountCents: 100 }])("of %o is no number of seats", (asked) => {
    const sale = heldSale({ grant: grantOf("CINEMA") }, { units: 3 });
    expect(refusalOf(captured({ sale, code: "CINEMA", asked }))).toBe("QUANTITY_INVALID");
  });
});

describe("a capture that comes too late", () => {
  const over = (change: Partial<SaleFile> = {}) => heldSale(change, { expiresAtMs: NOW_MS });

  it("writes that the hold is over, and moves the account's time on", () => {
    const sale = over();
    expect(expiryOf(sale, NOW_MS)).toEqual([
      {
        type: "endHold",
        terminalId: sale.hold?.terminalId,
        attemptId: sale.hold?.attemptId,
        grantId: sale.grant?.id,
        units: 1000,
        as: "expired",
      },
      { type: "markDecided", accountId: "account-1", from: 0, to: NOW_MS },
    ]);
  });

  it("writes nothing before the hold is over, nor where there is none", () => {
    expect(expiryOf(over(), NOW_MS - 1)).toEqual([]);
    expect(expiryOf(over({ hold: null, holds: [] }), NOW_MS)).toEqual([]);
  });
});
