// Traps of dates and windows (T-01 to T-09), on the checked-in catalogue.

import { AuthorizationRequestSchema } from "@pass-tpe/protocol";
import { expect, it } from "vitest";
import { windowOfDays } from "../../../gateway/src/catalogue/civil-dates.js";
import { authorizationAnswer } from "../../../gateway/src/core/answers.js";
import { decide } from "../../../gateway/src/core/decide.js";
import { ATTEMPT_ID, aConvention, qrFacts, saleCase } from "../../support/builders.js";
import { at, CATALOGUE, JULY_2022, JUNE_2022, MAY_2022 } from "../support/catalogue.js";
import { commitment, LAST_YEAR, order, THIS_YEAR, validation } from "../support/events.js";
import { openRegister, type Register, validated } from "../support/register.js";
import { verdict } from "../support/rule-check.js";

/** Validated in May for the last campaign, and on 7 June for the new one. */
function inBothCampaigns(): Register {
  const register = openRegister(CATALOGUE);
  register.send(order({ campaign: LAST_YEAR }), MAY_2022);
  register.send(validation({ track: "CAP" }, LAST_YEAR), MAY_2022);
  register.send(validation({ track: "CAP" }, THIS_YEAR), at("2022-06-07T07:00:00Z"));
  return register;
}

function lastYearOnly(): Register {
  const register = openRegister(CATALOGUE);
  register.send(order({ campaign: LAST_YEAR }), MAY_2022);
  register.send(validation({ track: "CAP" }, LAST_YEAR), MAY_2022);
  return register;
}

it("T-01: in June one card spends last year's culture and this year's school avantages", () => {
  const register = inBothCampaigns();
  const drawnFrom = (avantage: string) => {
    const { effects } = register.decideSale(avantage, JUNE_2022);
    const posted = effects.find((effect) => effect.type === "post");
    return register.file().grants.find(({ id }) => id === posted?.grantId)?.campaign;
  };
  expect([drawnFrom("SPECTACLE"), drawnFrom("MANUELS_CREDIT")]).toEqual([LAST_YEAR, THIS_YEAR]);
});

it("T-02: what is loaded at once on 7 June and opens later says from when", () => {
  const register = openRegister(CATALOGUE);
  register.send(order(), at("2022-06-06T22:00:00Z"));
  register.send(validation(), at("2022-06-07T07:00:00Z"));
  const soon = at("2022-06-07T07:00:01Z");
  expect(verdict(register.decideSale("MANUELS_GRATUITS", soon))).toBe("approved");
  const { grants } = register.file();
  const input = saleCase({ programme: CATALOGUE, grants, facts: qrFacts(), ...soon });
  const answer = authorizationAnswer(input.request, decide(input), input);
  expect(answer.code).toBe("WINDOW_NOT_OPEN");
  expect(answer.display[1]).toBe("A PARTIR DU 01/09/2022");
  const { avantages } = register.inquire({ ...soon, avantage: "SPECTACLE" });
  expect(avantages).toMatchObject([{ state: "notOpen", usableFrom: "2022-09-01" }]);
});

it("T-03: between two windows a later grant is not open yet, an older one alone is closed", () => {
  const both = inBothCampaigns();
  const old = lastYearOnly();
  const gap = at("2022-06-03T10:00:00Z");
  expect(verdict(both.decideSale("MANUELS_CREDIT", gap))).toBe("WINDOW_NOT_OPEN");
  expect(verdict(old.decideSale("MANUELS_CREDIT", gap))).toBe("WINDOW_CLOSED");
  expect(verdict(both.decideSale("SPECTACLE", JULY_2022))).toBe("WINDOW_NOT_OPEN");
  expect(verdict(old.decideSale("SPECTACLE", JULY_2022))).toBe("WINDOW_CLOSED");
});

it("T-03: who was not validated anew is told so while the family's window is open", () => {
  const later = at("2022-09-10T10:00:00Z");
  expect(verdict(lastYearOnly().decideSale("SPECTACLE", later))).toBe("BENEFICIARY_NOT_VALIDATED");
});

it("T-04: one campaign has two ends, on the Paris day and not on the UTC one", () => {
  const register = validated(CATALOGUE, { track: "CAP" });
  const stillMayInUtc = at("2023-05-31T23:30:00Z");
  expect(verdict(register.decideSale("MANUELS_CREDIT", stillMayInUtc))).toBe("WINDOW_CLOSED");
  expect(verdict(register.decideSale("LIVRES_LOISIR", stillMayInUtc))).toBe("approved");
  const sale = (utc: string) => verdict(register.decideSale("LIVRES_LOISIR", at(utc)));
  expect(sale("2023-06-30T21:59:59.999Z")).toBe("approved");
  expect(sale("2023-06-30T22:00:00.000Z")).toBe("WINDOW_CLOSED");
});

it("T-05: a renewed partner takes both campaigns in June, one in grace the old one alone", () => {
  const register = inBothCampaigns();
  const ended = aConvention({ toMs: Date.parse("2022-05-31T22:00:00Z") });
  const decided = (avantage: string, conventions: readonly ReturnType<typeof aConvention>[]) =>
    register.decideSale(avantage, { ...JUNE_2022, partner: { conventions } });
  expect(verdict(decided("SPECTACLE", [ended]))).toBe("approved");
  expect(decided("MANUELS_CREDIT", [ended])).toMatchObject({
    code: "CONVENTION_NOT_IN_FORCE",
    reason: "EXPIRED",
  });
  const renewed = [ended, aConvention({ reference: "C-2", fromMs: ended.toMs })];
  expect(verdict(decided("MANUELS_CREDIT", renewed))).toBe("approved");
});

it("T-06: a convention until 30 June 2027 carries the last culture window to its end", () => {
  const { fromMs, toMs } = windowOfDays("2022-06-01", "2027-06-30");
  const conventions = [aConvention({ fromMs: fromMs ?? 0, toMs })];
  const shown = (utc: string) =>
    openRegister(CATALOGUE).decideSale("BON_PLAN", { ...at(utc), partner: { conventions } });
  expect(shown("2022-05-31T21:59:59.999Z").reason).toBe("NOT_STARTED");
  expect(verdict(shown("2022-05-31T22:00:00Z"))).toBe("approved");
  expect(verdict(shown("2027-06-30T21:59:59.999Z"))).toBe("approved");
  expect(shown("2027-06-30T22:00:00Z").reason).toBe("EXPIRED");
});

it.each([
  ["2022-10-15T09:00:00Z", "2024-10-15T21:59:59.999Z"],
  ["2022-03-26T23:30:00Z", "2024-03-27T22:59:59.999Z"],
  ["2024-02-29T11:00:00Z", "2026-02-28T22:59:59.999Z"],
])("T-07: an aid loaded at %s is good until %s, whatever the campaigns do", (loadedAt, lastAt) => {
  const register = openRegister(CATALOGUE);
  register.send(order());
  register.send(commitment("MISSION_35H", ["CERTIFICAT_MISSION"]), at(loadedAt));
  const sale = (nowMs: number) => verdict(register.decideSale("PERMIS_B", { nowMs }));
  expect(sale(Date.parse(loadedAt))).toBe("approved");
  expect(sale(Date.parse(lastAt))).toBe("approved");
  expect(sale(Date.parse(lastAt) + 1)).toBe("GRANT_EXPIRED");
});

it("T-08: a cinema that is open past midnight on 30 June sells no seat after it", () => {
  const register = validated(CATALOGUE);
  const sale = (utc: string) => verdict(register.decideSale("CINEMA", at(utc)));
  expect(sale("2023-06-30T21:50:00Z")).toBe("approved");
  expect(sale("2023-06-30T22:10:00Z")).toBe("WINDOW_CLOSED");
});

it("T-09: a sale knows no other day than its own: a show's date is no part of it", () => {
  const request = {
    id: ATTEMPT_ID,
    evidence: { type: "keyed", cardNumber: "9250000000000008" },
    avantage: "SPECTACLE",
    purchaseCents: 1000,
  };
  expect(AuthorizationRequestSchema.safeParse(request).success).toBe(true);
  for (const field of ["showDate", "occurredAt", "terminalTime"]) {
    const dated = { ...request, [field]: "2023-07-14" };
    expect(AuthorizationRequestSchema.safeParse(dated).success, field).toBe(false);
  }
});
