// Traps of suspensions (T-40 to T-42), on the checked-in catalogue: what they stop, and what they leave as it was.

import { describe, expect, it } from "vitest";
import type { Decided } from "../../../gateway/src/core/decision.js";
import type { Proof } from "../../../gateway/src/core/model.js";
import { NOW_MS } from "../../support/builders.js";
import { at, CATALOGUE, JUNE_2022, MAY_2022 } from "../support/catalogue.js";
import {
  commitment,
  coupons,
  issue,
  LAST_YEAR,
  lift,
  order,
  suspension,
  THIS_YEAR,
  validation,
} from "../support/events.js";
import { openRegister, type Register } from "../support/register.js";
import { verdict } from "../support/rule-check.js";

const CAP = { track: "CAP", level: "CAP_1", formation: "CAP_COIFFURE" };

/** Somebody with grants of both campaigns, an aid of its own, coupons and a card, some of it spent. */
function holder(): Register {
  const register = openRegister(CATALOGUE);
  register.send(order({ campaign: LAST_YEAR }), MAY_2022);
  register.send(validation({ track: "CAP" }, LAST_YEAR), MAY_2022);
  register.send(issue(), MAY_2022);
  register.send(validation(CAP, THIS_YEAR), at("2022-06-07T07:00:00Z"));
  register.send(commitment("MISSION_80H", ["CERTIFICAT_MISSION"]), JUNE_2022);
  register.send(coupons(3));
  register.sell("SPECTACLE", { purchaseCents: 700 });
  register.sell("CINEMA", { quantity: 2 });
  register.sell("PERMIS_B", { purchaseCents: 12_345 });
  return register;
}

const CODES = [...CATALOGUE.avantages.keys()];
const verdictsAt = (register: Register, utc: string) =>
  Object.fromEntries(CODES.map((code) => [code, verdict(register.decideSale(code, at(utc)))]));

const MARCH = "2023-03-15T10:00:00Z";

describe("T-40: a suspension", () => {
  it("T-40: of everything stops every avantage but the everyday use", () => {
    const register = holder();
    register.send(suspension("ALL"));
    const stopped = verdictsAt(register, MARCH);
    const { MANUELS_GRATUITS, BON_PLAN, KIOSQUE, APPRENTI_EQUIPEMENT, ...rest } = stopped;
    expect(MANUELS_GRATUITS).toBe("approved");
    expect(KIOSQUE, "no till takes it").toBe("AVANTAGE_NOT_ACCEPTED_HERE");
    expect(BON_PLAN, "beside the avantages").toBe("approved");
    expect(APPRENTI_EQUIPEMENT, "never granted").toBe("AVANTAGE_NOT_GRANTED");
    expect(new Set(Object.values(rest))).toEqual(new Set(["AVANTAGE_SUSPENDED"]));
    expect(Object.keys(rest)).toContain("PERMIS_B");
  });

  it("T-40: of some avantages stops those alone", () => {
    const register = holder();
    const before = verdictsAt(register, MARCH);
    register.send(suspension(["CINEMA", "SPECTACLE"]));
    const SUSPENDED = "AVANTAGE_SUSPENDED";
    expect(verdictsAt(register, MARCH)).toEqual({
      ...before,
      CINEMA: SUSPENDED,
      SPECTACLE: SUSPENDED,
    });
  });

  it("T-40: is of the campaign that it names, in the June of two campaigns too", () => {
    const old = holder();
    old.send(suspension("ALL", LAST_YEAR), JUNE_2022);
    expect(verdict(old.decideSale("SPECTACLE", JUNE_2022))).toBe("AVANTAGE_SUSPENDED");
    expect(verdict(old.decideSale("MANUELS_CREDIT", JUNE_2022))).toBe("approved");
    const fresh = holder();
    fresh.send(suspension("ALL", THIS_YEAR), JUNE_2022);
    expect(verdict(fresh.decideSale("SPECTACLE", JUNE_2022))).toBe("approved");
    expect(verdict(fresh.decideSale("MANUELS_CREDIT", JUNE_2022))).toBe("AVANTAGE_SUSPENDED");
  });

  it("T-40: holds an aid of its own until the campaign has ended, and its 24 months run on", () => {
    const register = holder();
    const before = register.grant("PERMIS_B")?.window;
    register.send(suspension("ALL"));
    const sale = (utc: string) => verdict(register.decideSale("PERMIS_B", at(utc)));
    expect(sale("2023-06-30T21:59:59.999Z")).toBe("AVANTAGE_SUSPENDED");
    expect(sale("2023-06-30T22:00:00Z")).toBe("approved");
    expect(sale("2024-06-15T22:00:00Z")).toBe("GRANT_EXPIRED");
    expect(register.grant("PERMIS_B")?.window).toEqual(before);
  });
});

describe("T-41: a suspension that is lifted", () => {
  it.each<["ALL" | readonly string[]]>([["ALL"], [["SPECTACLE", "PERMIS_B"]]])(
    "T-41: of %j leaves every balance and every decision as before",
    (scope) => {
      const register = holder();
      const everything = () => ({
        grants: register.file().grants,
        cards: register.file().cards,
        inquiry: register.inquire(),
        decisions: CODES.flatMap((code): Decided[] => [
          register.decideSale(code),
          register.decideSale(code, JUNE_2022),
          register.decideSale(code, at("2023-07-10T10:00:00Z")),
        ]),
      });
      const before = everything();
      register.send(suspension(scope));
      expect(register.file().grants).toEqual(before.grants);
      expect(everything()).not.toEqual(before);
      register.send(lift());
      expect(everything()).toEqual(before);
    },
  );
});

describe("T-42: a suspension between two steps of one visit", () => {
  it("T-42: stops the sale that an inquiry's proof would have paid", () => {
    const register = holder();
    const proofFrom = ({ effects }: Decided): Proof => {
      const issued = effects.find((effect) => effect.type === "issueProof");
      if (issued === undefined) throw new Error("an inquiry hands out a proof");
      return { ...issued, used: false };
    };
    const proof = proofFrom(register.inquire());
    const withProof = { facts: { kind: "proof" }, proof } as const;
    expect(verdict(register.decideSale("SPECTACLE", withProof))).toBe("approved");
    register.send(suspension("ALL"));
    expect(verdict(register.decideSale("SPECTACLE", withProof))).toBe("AVANTAGE_SUSPENDED");
  });

  it("T-42: leaves a reversal possible, and the money is there once it is lifted", () => {
    const register = holder();
    const sale = register.sell("SPECTACLE");
    register.send(suspension("ALL"));
    expect(register.giveBack(sale)).toMatchObject({
      code: "REVERSED",
      figures: { returned: { value: 1000 } },
    });
    register.send(lift());
    const most = register.decideSale("SPECTACLE", { purchaseCents: 9999 });
    expect(most.figures.amountCents).toBe(2300);
  });
});

describe("the card of somebody who is suspended", () => {
  it("stays valid, and no other use of it is touched", () => {
    const register = holder();
    const sale = register.sell("SPECTACLE", JUNE_2022);
    const { cards } = register.file();
    expect(cards).toMatchObject([{ status: "ACTIVE" }]);
    register.send(suspension("ALL", LAST_YEAR), JUNE_2022);
    expect(register.file().cards).toEqual(cards);
    for (const everyday of [JUNE_2022, at(MARCH)]) {
      expect(register.decideSale("MANUELS_GRATUITS", everyday).code).toBe("APPROVED_RECORD");
    }
    expect(verdict(register.decideSale("SPECTACLE", at(MARCH)))).toBe("approved");
    expect(register.giveBack(sale).code).toBe("REVERSED");
    expect(register.inquire(JUNE_2022)).toMatchObject({ approved: true, credentialPassed: true });
  });

  it("is not told why: no motive is on file, and the till gets none", () => {
    const register = holder();
    register.send(suspension("ALL"));
    expect(register.file().suspensions).toEqual([
      {
        id: "suspension-1",
        campaign: THIS_YEAR,
        avantages: "ALL",
        decisionRef: "D-2023-17",
        decidedAtMs: NOW_MS,
        liftedAtMs: null,
      },
    ]);
    const { figures, reason } = register.decideSale("SPECTACLE");
    expect({ figures, reason }).toEqual({ figures: {}, reason: null });
  });
});
