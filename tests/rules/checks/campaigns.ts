// The campaigns' rules: when each family can be used, when cards are ordered and pupils validated, which conventions run on.

import { expect } from "vitest";
import type { Loaded } from "../../../gateway/src/core/loading/loaded.js";
import type { Programme } from "../../../gateway/src/core/programme.js";
import { aConvention } from "../../support/builders.js";
import { LAST_YEAR, order, THIS_YEAR, validation } from "../support/events.js";
import { openRegister, type Register } from "../support/register.js";
import { check, expectOpen, type RuleCheck, verdict } from "../support/rule-check.js";

/** An avantage of each family, given to every lycéen. */
const OF_FAMILY = {
  SCOLAIRE: "MANUELS_GRATUITS",
  CULTURE: "SPECTACLE",
  SPORT: "LICENCE",
  SANTE: "PSC1",
} as const;
type Family = keyof typeof OF_FAMILY;

const MAY_2022 = Date.parse("2022-05-10T10:00:00Z");
const JULY_2022 = Date.parse("2022-07-10T10:00:00Z");
const JUNE_7 = Date.parse("2022-06-06T22:00:00Z");
const CONVENTIONS_ENDED = Date.parse("2022-05-31T22:00:00Z");

function holderOf(programme: Programme, campaign: string): Register {
  const nowMs = campaign === LAST_YEAR ? MAY_2022 : JULY_2022;
  const register = openRegister(programme);
  register.send(order({ campaign }), { nowMs });
  register.send(validation({}, campaign), { nowMs });
  return register;
}

const lastYear = (family: Family, day: string, until: string) =>
  check(`2021_2022/${family}`, `open until the end of ${day} in Paris`, (programme) =>
    expectOpen(holderOf(programme, LAST_YEAR), OF_FAMILY[family], { from: null, until }),
  );

const thisYear = (family: Family, days: string, window: { from: string; until: string }) =>
  check(
    `2022_2023/${family}`,
    `open ${days} in Paris, not a millisecond earlier or later`,
    (programme) => expectOpen(holderOf(programme, THIS_YEAR), OF_FAMILY[family], window),
  );

const OPEN_SCHOOL = { from: "2022-06-06T22:00:00Z", until: "2023-05-31T22:00:00Z" };
const OPEN_CULTURE = { from: "2022-08-31T22:00:00Z", until: "2023-06-30T22:00:00Z" };
const CULTURE_DAYS = "from 1 September 2022 to the end of 30 June 2023";

const codeOf = (loaded: Loaded) => (loaded.outcome === "refused" ? loaded.code : loaded.outcome);

export const CAMPAIGN_CHECKS: readonly RuleCheck[] = [
  lastYear("SCOLAIRE", "31 May 2022", "2022-05-31T22:00:00Z"),
  lastYear("CULTURE", "30 June 2022", "2022-06-30T22:00:00Z"),
  lastYear("SPORT", "30 June 2022", "2022-06-30T22:00:00Z"),
  lastYear("SANTE", "30 June 2022", "2022-06-30T22:00:00Z"),
  thisYear("SCOLAIRE", "from 7 June 2022 to the end of 31 May 2023", OPEN_SCHOOL),
  thisYear("CULTURE", CULTURE_DAYS, OPEN_CULTURE),
  thisYear("SPORT", CULTURE_DAYS, OPEN_CULTURE),
  thisYear("SANTE", CULTURE_DAYS, OPEN_CULTURE),

  check("2022_2023/orders", "no card is ordered before 7 June 2022", (programme) => {
    const orderedAt = (nowMs: number) => codeOf(openRegister(programme).send(order(), { nowMs }));
    expect([orderedAt(JUNE_7 - 1), orderedAt(JUNE_7)]).toEqual(["OUTSIDE_CAMPAIGN", "applied"]);
  }),

  check("2022_2023/validations", "nobody is validated before 7 June 2022", (programme) => {
    const register = openRegister(programme);
    register.send(order(), { nowMs: JUNE_7 });
    const validatedAt = (nowMs: number) => codeOf(register.send(validation(), { nowMs }));
    expect([validatedAt(JUNE_7 - 1), validatedAt(JUNE_7)]).toEqual(["OUTSIDE_CAMPAIGN", "applied"]);
  }),

  check(
    "2021_2022/conventions",
    "a convention that ended on 31 May 2022 carries what is left of that campaign until 30 June, and nothing else",
    (programme) => {
      const register = holderOf(programme, LAST_YEAR);
      register.send(validation({}, THIS_YEAR), { nowMs: JULY_2022 });
      const sale = (avantage: string, at: string, endedAtMs = CONVENTIONS_ENDED) => {
        const partner = { conventions: [aConvention({ toMs: endedAtMs })] };
        return verdict(register.decideSale(avantage, { nowMs: Date.parse(at), partner }));
      };
      const june = "2022-06-15T10:00:00Z";
      expect(sale("SPECTACLE", june)).toBe("approved");
      expect(sale("MANUELS_GRATUITS", june)).toBe("CONVENTION_NOT_IN_FORCE");
      expect(sale("SPECTACLE", june, CONVENTIONS_ENDED - 1)).toBe("CONVENTION_NOT_IN_FORCE");
      expect(sale("SPECTACLE", "2022-06-30T21:59:59.999Z")).toBe("approved");
      expect(sale("SPECTACLE", "2022-06-30T22:00:00Z")).toBe("CONVENTION_NOT_IN_FORCE");
    },
  ),
];
