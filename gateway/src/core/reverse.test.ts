// A reversal gives back exactly what is still taken, once, and is answered the same whatever happened before.

import { describe, expect, it } from "vitest";
import { aHold, anAccount, grantOf, NOW_MS } from "../../../tests/support/builders.js";
import { type ReversibleAttempt, reverse } from "./reverse.js";

const cinema = grantOf("CINEMA", { spent: 4 });
const spectacle = grantOf("SPECTACLE", { spent: 2500 });
const NOTHING = { units: 0, figures: {}, effects: [] };

const attempt = (change: Partial<ReversibleAttempt> = {}): ReversibleAttempt => ({
  state: "approved",
  account: anAccount(),
  grant: spectacle,
  hold: null,
  holds: [],
  partnerFlags: [],
  collectCents: null,
  taken: 1200,
  returned: 0,
  settledFromMs: NOW_MS + 1,
  ...change,
});
const record = attempt({ grant: null, taken: 0 });

const manual = (of: ReversibleAttempt | null, nowMs = NOW_MS) =>
  reverse({ reason: "manual", attempt: of, nowMs });
const automatic = (of: ReversibleAttempt | null, nowMs = NOW_MS) =>
  reverse({ reason: "automatic", attempt: of, nowMs });

describe("a reversal", () => {
  it.each(["automatic", "manual"] as const)("%s gives the cents back to their grant", (reason) => {
    expect(reverse({ reason, attempt: attempt(), nowMs: NOW_MS })).toEqual({
      code: "REVERSED",
      mark: "reversed",
      units: 1200,
      figures: { returned: { unit: "EUR_CENT", value: 1200 } },
      effects: [{ type: "post", grantId: spectacle.id, units: -1200, spentBefore: 2500 }],
    });
  });

  it("gives seats back as seats", () => {
    const { figures } = manual(attempt({ grant: cinema, taken: 2 }));
    expect(figures.returned).toEqual({ unit: "SEAT", value: 2 });
  });

  it("of an unknown sale leaves a tombstone where a terminal doubts, and finds nothing for a cashier", () => {
    expect(automatic(null)).toEqual({ code: "REVERSED", mark: "tombstone", ...NOTHING });
    expect(manual(null)).toEqual({ code: "ORIGINAL_NOT_FOUND", mark: "none", ...NOTHING });
  });

  it("of a declined, expired or reversed sale moves nothing", () => {
    for (const state of ["declined", "expired", "reversed"] as const) {
      const of = attempt({ state, settledFromMs: null });
      expect(manual(of)).toEqual({ code: "REVERSED", mark: "reversed", ...NOTHING });
    }
  });

  it("of a hold lets go of it, and says nothing of a credit, because nothing was taken", () => {
    const hold = aHold();
    const of = attempt({ state: "held", hold, holds: [hold], taken: 0, settledFromMs: null });
    const { units, figures, effects } = manual(of);
    expect([units, figures]).toEqual([0, {}]);
    expect(effects).toEqual([
      {
        type: "endHold",
        terminalId: hold.terminalId,
        attemptId: hold.attemptId,
        grantId: hold.grantId,
        units: hold.units,
        as: "reversed",
      },
    ]);
  });

  it("gives back what refunds have left, and nothing where they left nothing", () => {
    const { units, effects } = manual(attempt({ returned: 1000 }));
    expect(units).toBe(200);
    expect(effects).toEqual([
      { type: "post", grantId: spectacle.id, units: -200, spentBefore: 2500 },
    ]);
    expect(manual(attempt({ returned: 1200 }))).toMatchObject({ mark: "reversed", ...NOTHING });
  });

  it("of a visit forgets it, so that the next presentation at the door is one again", () => {
    expect(manual(record).effects).toEqual([{ type: "forgetVisit", accountId: "account-1" }]);
    expect(manual({ ...record, grant: grantOf("MUSEE") }).effects).toEqual([
      { type: "forgetVisit", accountId: "account-1" },
    ]);
    expect(manual({ ...record, account: null }).effects).toEqual([]);
  });

  it("of a debit that no record has is a bug, not a credit", () => {
    for (const code of ["MUSEE", "MANUELS_GRATUITS"]) {
      const of = attempt({ grant: grantOf(code), taken: 1 });
      expect(() => manual(of)).toThrow("what was drawn on is counted");
    }
  });
});

describe("the end of the settlement's period", () => {
  const of = attempt({ settledFromMs: NOW_MS });

  it("is the first instant at which a cashier's wish comes too late", () => {
    expect(manual(of, NOW_MS - 1).code).toBe("REVERSED");
    expect(manual(of, NOW_MS)).toEqual({ code: "REVERSAL_TOO_LATE", mark: "none", ...NOTHING });
  });

  it("is nothing to a terminal in doubt: nobody was served", () => {
    expect(automatic(of, NOW_MS + 1)).toMatchObject({ code: "REVERSED", units: 1200 });
  });
});
