// Health coupons, first aid, and the offers that complete the avantages.

import { expect } from "vitest";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { coupons, suspension } from "../support/events.js";
import { openRegister, type Register, validated } from "../support/register.js";
import { expectReimbursed } from "../support/reimbursement.js";
import {
  check,
  expectOpen,
  expectTakenAt,
  type RuleCheck,
  verdict,
} from "../support/rule-check.js";

const SANTE = { from: "2022-08-31T22:00:00Z", until: "2023-06-30T22:00:00Z" };

function withCoupons(programme: Programme): Register {
  const register = validated(programme);
  register.send(coupons(3));
  return register;
}

const COUPONS: readonly RuleCheck[] = [
  check("SANTE_COUPON/window", "used in the santé family's window", (programme) =>
    expectOpen(withCoupons(programme), "SANTE_COUPON", SANTE),
  ),
  check("SANTE_COUPON/count", "none until some are loaded, then as many as that", (programme) => {
    const register = validated(programme);
    expect(verdict(register.decideSale("SANTE_COUPON"))).toBe("COUPONS_EXHAUSTED");
    register.send(coupons(3));
    const sale = register.sell("SANTE_COUPON", { quantity: 3 });
    expect(sale).toMatchObject({ code: "APPROVED_COUPONS", figures: { collectCents: 0 } });
    expect(verdict(register.sell("SANTE_COUPON"))).toBe("COUPONS_EXHAUSTED");
  }),
  check("SANTE_COUPON/at-sante", "taken by a health partner", (programme) =>
    expectTakenAt(withCoupons(programme), "SANTE_COUPON", { type: "SANTE" }),
  ),
  check("SANTE_COUPON/reimbursed", "by the partner's convention", (programme) =>
    expectReimbursed(programme, "SANTE_COUPON", "convention"),
  ),
];

const PSC1: readonly RuleCheck[] = [
  check("PSC1/window", "used in the santé family's window", (programme) =>
    expectOpen(validated(programme), "PSC1", SANTE),
  ),
  check("PSC1/base", "60 € towards the training of one person", (programme) => {
    const { figures } = validated(programme).decideSale("PSC1", { purchaseCents: 7500 });
    expect(figures).toMatchObject({ amountCents: 6000, collectCents: 1500 });
  }),
  check("PSC1/individual", "no group on one card", (programme) => {
    const register = validated(programme);
    const group = register.decideSale("PSC1", { purchaseCents: 6000, quantity: 2 });
    expect(group.code).toBe("COLLECTIVE_USE_FORBIDDEN");
    const alone = register.decideSale("PSC1", { purchaseCents: 6000, quantity: 1 });
    expect(verdict(alone)).toBe("approved");
  }),
  check("PSC1/single-use", "one training", (programme) => {
    const register = validated(programme);
    register.sell("PSC1", { purchaseCents: 4000 });
    expect(register.sell("PSC1", { purchaseCents: 2000 }).code).toBe("ALREADY_USED");
  }),
  check("PSC1/at-formation_psc1", "taken by whoever trains", (programme) =>
    expectTakenAt(validated(programme), "PSC1", { type: "FORMATION_PSC1" }),
  ),
  check("PSC1/reimbursed", "what was debited is paid back", (programme) =>
    expectReimbursed(programme, "PSC1", "debit"),
  ),
];

const BON_PLAN: readonly RuleCheck[] = [
  check("BON_PLAN/without-grant", "an active card is enough: nothing is granted", (programme) => {
    const register = openRegister(programme);
    expect(verdict(register.decideSale("BON_PLAN"))).toBe("approved");
    expect(validated(programme).grant("BON_PLAN")).toBeUndefined();
    const lost = register.decideSale("BON_PLAN", { card: { status: "LOST" } });
    expect(verdict(lost)).toBe("CARD_LOST");
  }),
  check("BON_PLAN/beside", "left alone when everything is suspended", (programme) => {
    const register = validated(programme);
    register.send(suspension("ALL"));
    expect(verdict(register.decideSale("BON_PLAN"))).toBe("approved");
  }),
  check("BON_PLAN/at-event", "presented at an event", (programme) =>
    expectTakenAt(openRegister(programme), "BON_PLAN", { type: "EVENT" }),
  ),
  check("BON_PLAN/reimbursed", "nothing is paid back", (programme) =>
    expectReimbursed(programme, "BON_PLAN", "nothing"),
  ),
];

export const SANTE_CHECKS: readonly RuleCheck[] = [...COUPONS, ...PSC1, ...BON_PLAN];
