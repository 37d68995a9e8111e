// The sports licence: 30 €, 60 € for some, and 60 € for others at a combat-sports club alone.

import { expect } from "vitest";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { validated } from "../support/register.js";
import { expectReimbursed } from "../support/reimbursement.js";
import { check, expectOpen, expectTakenAt, type RuleCheck } from "../support/rule-check.js";

const CLUB = { types: ["CLUB_SPORTIF"], flags: [] };
const COMBAT_CLUB = { types: ["CLUB_SPORTIF"], flags: ["combatSport"] };

/** What a licence of 80 € takes and leaves to collect. */
function licenceAt(programme: Programme, flags: readonly string[], partner = CLUB as object) {
  const { figures } = validated(programme, { flags }).decideSale("LICENCE", {
    purchaseCents: 8000,
    partner,
  });
  return [figures.amountCents, figures.collectCents];
}

export const SPORT_CHECKS: readonly RuleCheck[] = [
  check("LICENCE/window", "used in the sport family's window", (programme) =>
    expectOpen(validated(programme), "LICENCE", {
      from: "2022-08-31T22:00:00Z",
      until: "2023-06-30T22:00:00Z",
    }),
  ),
  check("LICENCE/base", "30 € off a licence of 80 €, at any club", (programme) => {
    expect(licenceAt(programme, [])).toEqual([3000, 5000]);
    expect(licenceAt(programme, [], COMBAT_CLUB)).toEqual([3000, 5000]);
  }),
  check("LICENCE/raised", "60 € for either attested flag, at any club, not more", (programme) => {
    for (const flags of [["MAJORATION_A"], ["MAJORATION_B"], ["MAJORATION_A", "MAJORATION_B"]]) {
      expect(licenceAt(programme, flags), flags.join()).toEqual([6000, 2000]);
    }
    expect(licenceAt(programme, [])).toEqual([3000, 5000]);
  }),
  check("LICENCE/combat-sport", "60 € at a combat-sports club, 30 € at another", (programme) => {
    expect(licenceAt(programme, ["MAJORATION_C"], COMBAT_CLUB)).toEqual([6000, 2000]);
    expect(licenceAt(programme, ["MAJORATION_C"])).toEqual([3000, 5000]);
    expect(licenceAt(programme, [], COMBAT_CLUB)).toEqual([3000, 5000]);
  }),
  check("LICENCE/combat-sport", "never on top of the other 60 €", (programme) => {
    const flags = ["MAJORATION_A", "MAJORATION_C"];
    expect(licenceAt(programme, flags, COMBAT_CLUB)).toEqual([6000, 2000]);
    expect(licenceAt(programme, flags)).toEqual([6000, 2000]);
  }),
  check("LICENCE/single-use", "one licence, whatever was left of it", (programme) => {
    const register = validated(programme);
    const cheap = register.sell("LICENCE", { purchaseCents: 2500 });
    expect(cheap.figures).toMatchObject({ amountCents: 2500, remaining: { value: 0 } });
    expect(register.sell("LICENCE", { purchaseCents: 500 }).code).toBe("ALREADY_USED");
  }),
  check("LICENCE/at-club_sportif", "taken by a sports club", (programme) =>
    expectTakenAt(validated(programme), "LICENCE", { type: "CLUB_SPORTIF" }),
  ),
  check("LICENCE/reimbursed", "what was debited is paid back", (programme) =>
    expectReimbursed(programme, "LICENCE", "debit"),
  ),
];
