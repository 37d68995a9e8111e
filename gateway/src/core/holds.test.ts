// What is held counts as taken until the very instant at which the hold expires; then it is free again, and written so.

import { describe, expect, it } from "vitest";
import { aHold, grantOf, NOW_MS, saleCase } from "../../../tests/support/builders.js";
import { decide } from "./decide.js";
import { heldUnits } from "./holds.js";
import type { Hold } from "./model.js";

const grant = grantOf("SPECTACLE");
const hold = (change: Partial<Hold> = {}) =>
  aHold({ grantId: grant.id, units: 2500, expiresAtMs: NOW_MS + 1, ...change });

const sale = (change: Parameters<typeof saleCase>[0] = {}) =>
  decide(saleCase({ grants: [grant], ...change }));

describe("what holds keep", () => {
  it("is the sum of those on the grant that have not expired", () => {
    const holds = [
      hold({ units: 1 }),
      hold({ units: 2, expiresAtMs: NOW_MS }),
      hold({ units: 4, grantId: "another" }),
      hold({ units: 8 }),
    ];
    expect(heldUnits(holds, grant.id, NOW_MS)).toBe(9);
  });

  it("is not there for another sale, up to the instant of expiry and not beyond", () => {
    const holds = [hold()];
    expect(sale({ holds, purchaseCents: 600, exact: true }).code).toBe("INSUFFICIENT_BALANCE");
    const over = [hold({ expiresAtMs: NOW_MS })];
    expect(sale({ holds: over, purchaseCents: 600, exact: true }).code).toBe("APPROVED");
  });

  it("leaves a single use nothing", () => {
    const licence = grantOf("LICENCE");
    const holds = [hold({ grantId: licence.id, units: 1 })];
    const { code } = decide(saleCase({ avantage: "LICENCE", grants: [licence], holds }));
    expect(code).toBe("ALREADY_USED");
  });
});

describe("a hold that is over", () => {
  const over = hold({ expiresAtMs: NOW_MS });
  const ended = {
    type: "endHold",
    terminalId: over.terminalId,
    attemptId: over.attemptId,
    grantId: over.grantId,
    units: over.units,
    as: "expired",
  };

  it("is written as such with the next decision of its account, approved or not", () => {
    expect(sale({ holds: [over] }).effects).toContainEqual(ended);
    const declined = sale({ holds: [over], purchaseCents: 4000, exact: true });
    expect(declined.effects).toContainEqual(ended);
  });

  it("is written alone: one beside it that still runs is not", () => {
    const running = hold({ attemptId: "running", units: 1 });
    const { effects } = sale({ holds: [running, over] });
    expect(effects.filter(({ type }) => type === "endHold")).toEqual([ended]);
  });

  it("is not written by a stranger to the card", () => {
    const { code, effects } = sale({ holds: [over], card: { status: "LOST" } });
    expect(code).toBe("CARD_LOST");
    expect(effects).not.toContainEqual(ended);
  });
});

describe("a sale without capture", () => {
  const held = (change: Parameters<typeof saleCase>[0] = {}) => sale({ capture: false, ...change });

  it("keeps what it covers for the programme's time, and takes nothing", () => {
    const { code, figures, effects } = held();
    expect(code).toBe("APPROVED_HELD");
    const expiresAtMs = NOW_MS + 30 * 60_000;
    expect(figures).toMatchObject({
      amountCents: 1000,
      collectCents: 0,
      remaining: { unit: "EUR_CENT", value: 2000 },
      taken: { unit: "EUR_CENT", value: 1000 },
      holdExpiresAtMs: expiresAtMs,
    });
    expect(effects).toContainEqual({
      type: "placeHold",
      grantId: grant.id,
      units: 1000,
      expiresAtMs,
    });
    expect(effects.map(({ type }) => type)).not.toContain("post");
  });

  it("keeps nothing beyond the grant's window", () => {
    const nowMs = grant.window.toMs - 60_000;
    expect(held({ nowMs }).figures.holdExpiresAtMs).toBe(grant.window.toMs);
  });

  it("keeps a part where the rest is not there, as a sale takes one", () => {
    expect(held({ holds: [hold()], purchaseCents: 800 }).figures).toMatchObject({
      amountCents: 500,
      collectCents: 300,
    });
  });

  it("of what is only recorded is refused, because there is nothing to keep", () => {
    const { code, reason } = held({ avantage: "MUSEE", grants: [grantOf("MUSEE")] });
    expect([code, reason]).toEqual(["OPERATION_NOT_SUPPORTED", "NOTHING_TO_HOLD"]);
  });
});
