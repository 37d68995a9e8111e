// A refund gives back a part of what was taken, never more in all, to the grant that it came from.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runsOf } from "../../../tests/properties/support/runs.js";
import { anAccount, grantOf, NOW_MS } from "../../../tests/support/builders.js";
import { refund } from "./refund.js";
import type { SaleFile } from "./sale-file.js";

const NOT_SAID = { amountCents: null, quantity: null };
const spectacle = grantOf("SPECTACLE", { spent: 2000 });

function sale(change: Partial<SaleFile> = {}): SaleFile {
  return {
    state: "approved",
    account: anAccount(),
    grant: spectacle,
    hold: null,
    holds: [],
    partnerFlags: [],
    collectCents: null,
    taken: 1000,
    returned: 0,
    ...change,
  };
}
const of = (file: SaleFile, asked: object = {}, nowMs = NOW_MS, singleUse = false) =>
  refund({ sale: file, asked: { ...NOT_SAID, ...asked }, rule: { singleUse }, nowMs });
const refusalOf = (result: ReturnType<typeof refund>) =>
  "refusal" in result ? result.refusal.code : "refunded";

describe("a refund", () => {
  it("gives back a part, and tells what is left to give", () => {
    expect(of(sale({ returned: 100 }), { amountCents: 600 })).toEqual({
      units: 600,
      figures: {
        returned: { unit: "EUR_CENT", value: 600 },
        refundable: { unit: "EUR_CENT", value: 300 },
        date: "2023-06-30",
      },
      effects: [{ type: "post", grantId: spectacle.id, units: -600, spentBefore: 2000 }],
    });
  });

  it("gives back all that is left where nothing is said", () => {
    expect(of(sale({ returned: 400 }))).toMatchObject({ units: 600 });
  });

  it("gives seats back as seats", () => {
    const seats = sale({ grant: grantOf("CINEMA", { spent: 3 }), taken: 3 });
    expect(of(seats, { quantity: 2 })).toMatchObject({
      units: 2,
      figures: { returned: { unit: "SEAT", value: 2 }, refundable: { unit: "SEAT", value: 1 } },
    });
    expect(refusalOf(of(seats, { amountCents: 200 }))).toBe("QUANTITY_INVALID");
  });

  it("of more than is left is refused, and told how much that is", () => {
    expect(of(sale({ returned: 600 }), { amountCents: 401 })).toEqual({
      refusal: {
        code: "REFUND_OVER_CAPTURED",
        figures: { available: { unit: "EUR_CENT", value: 400 } },
      },
    });
    expect(of(sale({ returned: 1000 }))).toMatchObject({
      refusal: { code: "REFUND_OVER_CAPTURED", figures: { available: { value: 0 } } },
    });
  });

  it("goes back to a grant whose window is over, from its very end on, and says that it is lost for use", () => {
    const { toMs } = spectacle.window;
    const usable = of(sale(), {}, toMs - 1);
    expect("figures" in usable && usable.figures).not.toHaveProperty("notUsable");
    expect(of(sale(), {}, toMs)).toMatchObject({ units: 1000, figures: { notUsable: true } });
  });

  it("goes back to a revoked grant, and says that it is lost for use", () => {
    const revoked = { ...spectacle, revoked: true };
    const refunded = of(sale({ grant: revoked }));
    expect(refunded).toMatchObject({ figures: { notUsable: true } });
    expect("figures" in refunded && refunded.figures).not.toHaveProperty("date");
  });

  it("in part does not open a pot of single use again, and says so; in full it does (T-25)", () => {
    const licence = grantOf("LICENCE", { spent: 3000 });
    const single = (amountCents: number | null) =>
      of(sale({ grant: licence, taken: 3000 }), { amountCents }, NOW_MS, true);
    expect(single(1000)).toMatchObject({ units: 1000, figures: { notUsable: true } });
    const whole = single(null);
    expect("figures" in whole && whole.figures).not.toHaveProperty("notUsable");
  });

  it.each([
    ["held", "NOTHING_TO_REFUND"],
    ["declined", "NOTHING_TO_REFUND"],
    ["expired", "NOTHING_TO_REFUND"],
    ["reversed", "ALREADY_REVERSED"],
  ] as const)("of a sale that is %s is refused as %s", (state, code) => {
    expect(refusalOf(of(sale({ state })))).toBe(code);
  });

  it("of a recorded use finds nothing to give, whether or not a grant allowed it", () => {
    for (const grant of [null, grantOf("MUSEE")]) {
      expect(refusalOf(of(sale({ grant, taken: 0 })))).toBe("NOTHING_TO_REFUND");
    }
  });

  it.each([0, -1, 1.5])("of %d cents is no amount", (amountCents) => {
    expect(refusalOf(of(sale(), { amountCents }))).toBe("AMOUNT_INVALID");
  });

  it("never gives back more in all than was taken, however it is asked for", () => {
    const asked = fc.array(fc.option(fc.integer({ min: 1, max: 1_500 }), { nil: null }), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_000 }), asked, (taken, wishes) => {
        let returned = 0;
        for (const amountCents of wishes) {
          const result = of(sale({ taken, returned }), { amountCents });
          if ("units" in result) returned += result.units;
          expect(returned).toBeLessThanOrEqual(taken);
        }
      }),
      runsOf("refunds", 200),
    );
  });
});
