// Shows that a day which kept every rule is told so, whatever ends its sales had.

import { describe, expect, it } from "vitest";
import { check } from "./check.js";
import { DayWriter, type SaleEnd } from "./test-kit/day-writer.js";
import type { DayDraft } from "./test-kit/draft.js";

const rulesBroken = ({ world, facts, ledger }: DayDraft) =>
  check(world, facts, ledger).map(({ rule, found }) => `${rule}: ${found}`);

describe("a day that kept every rule", () => {
  it("has no violation where nothing happened", () => {
    expect(rulesBroken(new DayWriter().close())).toEqual([]);
  });

  it.each<SaleEnd>(["told", "unknown", "tombstone", "crashed", "recovered", "late"])(
    "has none where a sale ends as %s, taken or held",
    (end) => {
      const day = new DayWriter();
      day.sale({}, end);
      day.sale({ holds: true }, end);
      day.sale({ how: "code", pin: "wrong" }, end === "recovered" ? "told" : end);
      expect(rulesBroken(day.close())).toEqual([]);
    },
  );

  it("has none with everything that can follow a sale", () => {
    const day = new DayWriter();
    const taken = day.sale({ purchaseCents: 2000 });
    day.refund(taken, 500);
    day.refund(taken, 300, { by: "t2", how: "later" });
    day.reverse(taken);
    const held = day.sale({ purchaseCents: 4000, holds: true });
    day.capture(held, 2500, "later");
    day.refund(held, 2500, { how: "later" });
    const seats = day.sale({ avantage: "CINEMA", quantity: 3 });
    day.reverse(seats, "later");
    day.sale({ inquires: true });
    day.restartGateway();
    expect(rulesBroken(day.close())).toEqual([]);
  });
});
