// A window never opens early and never closes late: to the millisecond, by another calendar than the catalogue's.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as calendar from "../../gateway/src/catalogue/civil-dates.js";
import { loadProgramme } from "../../gateway/src/catalogue/programme.js";
import { decide } from "../../gateway/src/core/decide.js";
import type { Attributes } from "../../gateway/src/core/loading/event.js";
import type { BeneficiaryFile } from "../../gateway/src/core/loading/file.js";
import { load } from "../../gateway/src/core/loading/load.js";
import type { Loaded } from "../../gateway/src/core/loading/loaded.js";
import type { Grant } from "../../gateway/src/core/model.js";
import type { Programme } from "../../gateway/src/core/programme.js";
import { saleCase } from "../support/builders.js";
import { catalogueBetween, catalogueData } from "../support/programme.js";
import { OPERATOR } from "../support/shop.js";
import {
  clockChangesOf,
  dayAfter,
  dayInParis,
  firstMsOf,
  lastMsOf,
  monthsAfter,
} from "./support/days.js";
import { PROPERTY_TIMEOUT_MS, runsOf } from "./support/runs.js";

const CAMPAIGN = "RANDOM";
const YEARS = Array.from({ length: 14 }, (_, index) => 2018 + index);
const day = fc.nat({ max: 60 * 365 }).map((days) => dayAfter("2005-01-01", days));
const birthDays = fc.nat({ max: 55 * 365 }).map((days) => dayAfter("1990-01-01", days));
const instant = fc.integer({ min: Date.UTC(2005, 0, 1), max: Date.UTC(2060, 0, 1) });
const AVANTAGES = ["SPECTACLE", "CINEMA", "LICENCE", "MUSEE", "MANUELS_CREDIT"];
const avantage = fc.constantFrom(...AVANTAGES);

const FILE: BeneficiaryFile = {
  account: {
    id: "a-1",
    holder: "Camille D.",
    etablissement: "E-1",
    charterAcceptedOn: "2000-01-01",
  },
  cards: [],
  grants: [],
  suspensions: [],
  cardTaken: false,
};
const PUPIL: Attributes = {
  status: "LYCEEN",
  level: "SECONDE",
  track: "CAP",
  formation: null,
  flags: [],
  birthDay: null,
};

/** The catalogue's rules about these avantages alone, in a campaign between two days. */
function programmeBetween(days: { firstDay: string; lastDay: string }): Programme {
  const { avantages } = catalogueData();
  const few = avantages.filter(({ code }) => AVANTAGES.includes(code));
  return loadProgramme({ ...catalogueBetween(CAMPAIGN, days), avantages: few, formations: [] });
}

const context = { agent: OPERATOR, calendar, file: FILE };

function orderCard(programme: Programme, nowMs: number): Loaded {
  const event = {
    type: "card.ordered",
    beneficiary: "a-1",
    holder: "Camille D.",
    etablissement: "E-1",
    campaign: CAMPAIGN,
    charterAcceptedOn: "2020-01-01",
  } as const;
  return load({ ...context, programme, nowMs, event });
}

function validate(programme: Programme, nowMs: number, change: Partial<Attributes> = {}): Loaded {
  const event = {
    type: "beneficiary.validated",
    beneficiary: "a-1",
    campaign: CAMPAIGN,
    etablissement: "E-1",
    attributes: { ...PUPIL, ...change },
  } as const;
  return load({ ...context, programme, nowMs, event });
}

function fulfilCommitment(programme: Programme, nowMs: number): Loaded {
  const event = {
    type: "commitment.fulfilled",
    beneficiary: "a-1",
    commitment: "JSP",
    proofs: ["BREVET_JSP"],
  } as const;
  return load({ ...context, programme, nowMs, event });
}

/** The grant of an avantage that an event gives. */
function givenBy(loaded: Loaded, avantage: string): Grant {
  if (loaded.outcome === "refused") throw new Error(loaded.detail);
  for (const write of loaded.writes) {
    if (write.type === "putGrant" && write.grant.avantage === avantage) return write.grant;
  }
  throw new Error(`the event gives no ${avantage}`);
}

/** A sale from one grant at an instant: its code, and the date that the answer names. */
function saleAt(programme: Programme, grant: Grant, nowMs: number) {
  const card = { generation: "SDM-1" };
  const options = { avantage: grant.avantage, grants: [grant], programme, card, nowMs };
  const { code, approved, figures } = decide(saleCase(options));
  return { code: approved ? "approved" : code, date: figures.date };
}

function checkEdges(days: { firstDay: string; lastDay: string }, code: string): void {
  const { firstDay, lastDay } = days;
  const programme = programmeBetween(days);
  const [opensMs, closesMs] = [firstMsOf(firstDay), lastMsOf(lastDay)];
  const grant = givenBy(validate(programme, opensMs), code);
  const at = (nowMs: number) => saleAt(programme, grant, nowMs);
  const approved = { code: "approved", date: undefined };
  expect(at(opensMs - 1), firstDay).toEqual({ code: "WINDOW_NOT_OPEN", date: firstDay });
  expect(at(opensMs), firstDay).toEqual(approved);
  expect(at(opensMs + 1), firstDay).toEqual(approved);
  expect(at(closesMs - 1), lastDay).toEqual(approved);
  expect(at(closesMs), lastDay).toEqual(approved);
  expect(at(closesMs + 1), lastDay).toEqual({ code: "WINDOW_CLOSED", date: lastDay });
}

describe("a campaign's window", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it("opens with its first millisecond in Paris and closes after its last, on any days", () => {
    fc.assert(
      fc.property(day, fc.nat({ max: 400 }), avantage, (firstDay, days, code) => {
        checkEdges({ firstDay, lastDay: dayAfter(firstDay, days) }, code);
      }),
      runsOf("edges of windows", 60),
    );
  });

  it.each(YEARS)("does so on, before and after both days of %i when clocks are changed", (year) => {
    const changes = clockChangesOf(year);
    expect(changes).toHaveLength(2);
    for (const change of changes) {
      const [before, after] = [dayAfter(change, -1), dayAfter(change, 1)];
      checkEdges({ firstDay: change, lastDay: change }, "SPECTACLE");
      checkEdges({ firstDay: before, lastDay: change }, "CINEMA");
      checkEdges({ firstDay: change, lastDay: after }, "MUSEE");
      checkEdges({ firstDay: after, lastDay: after }, "SPECTACLE");
    }
  });

  it("has its orders and validations open on their day, and end with its last window", () => {
    fc.assert(
      fc.property(day, fc.nat({ max: 40 }), (openDay, days) => {
        const lastDay = dayAfter(openDay, days);
        const rule = { invented: "test", id: "RANDOM/rule" };
        const rules = [
          { ...rule, kind: "window", family: "SPORT", firstDay: null, lastDay },
          { ...rule, id: "RANDOM/o", kind: "ordersFrom", day: openDay },
          { ...rule, id: "RANDOM/v", kind: "validationsFrom", day: openDay },
        ];
        const campaigns = [{ code: CAMPAIGN, rules }];
        const programme = loadProgramme({ ...catalogueData(), campaigns });
        for (const send of [orderCard, validate]) {
          const at = (nowMs: number) => send(programme, nowMs).outcome;
          expect(at(firstMsOf(openDay) - 1), openDay).toBe("refused");
          expect(at(firstMsOf(openDay)), openDay).toBe("applied");
          expect(at(lastMsOf(lastDay)), lastDay).toBe("applied");
          expect(at(lastMsOf(lastDay) + 1), lastDay).toBe("refused");
        }
      }),
      runsOf("edges of campaigns", 25),
    );
  });
});

/** The catalogue with another number of months for what has a window of its own. */
function programmeOfMonths(months: number): Programme {
  const data = catalogueData();
  const avantages = data.avantages.map((it) => ({
    ...it,
    rules: it.rules.map((rule) => (rule.kind === "ownWindow" ? { ...rule, months } : rule)),
  }));
  return loadProgramme({ ...data, avantages });
}

function checkMonths(loadedAtMs: number, months: number): void {
  const programme = programmeOfMonths(months);
  const grant = givenBy(fulfilCommitment(programme, loadedAtMs), "PERMIS_B");
  const lastDay = monthsAfter(dayInParis(loadedAtMs), months);
  const closesMs = lastMsOf(lastDay);
  const at = (nowMs: number) => saleAt(programme, grant, nowMs);
  const approved = { code: "approved", date: undefined };
  const firstDay = dayInParis(loadedAtMs);
  expect(at(loadedAtMs - 1)).toEqual({ code: "WINDOW_NOT_OPEN", date: firstDay });
  expect(at(loadedAtMs)).toEqual(approved);
  expect(at(closesMs)).toEqual(approved);
  expect(at(closesMs + 1)).toEqual({ code: "GRANT_EXPIRED", date: lastDay });
}

describe("a grant for months", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it("runs from the instant of its loading to the end of the same day so many months later", () => {
    const months = fc.oneof(fc.constant(24), fc.integer({ min: 1, max: 60 }));
    fc.assert(fc.property(instant, months, checkMonths), runsOf("windows of months", 60));
  });

  it.each(YEARS)(
    "does so when it is loaded around the change of clocks of %i, or ends there",
    (year) => {
      for (const change of clockChangesOf(year)) {
        checkMonths(firstMsOf(change), 24);
        checkMonths(lastMsOf(change), 24);
        checkMonths(firstMsOf(monthsAfter(change, -24)) + 1, 24);
      }
    },
  );

  it.each([
    ["2024-02-29T11:00:00Z", 24, "2026-02-28"],
    ["2022-08-31T22:30:00Z", 24, "2024-09-01"],
    ["2022-12-31T10:00:00Z", 2, "2023-02-28"],
  ])("loaded at %s for %i months it is good until %s", (at, months, lastDay) => {
    expect(monthsAfter(dayInParis(Date.parse(at)), months)).toBe(lastDay);
    checkMonths(Date.parse(at), months);
  });
});

describe("an age", { timeout: PROPERTY_TIMEOUT_MS }, () => {
  it("is had from the first millisecond of the birthday to the last one before the next", () => {
    const programme = loadProgramme(
      catalogueBetween(CAMPAIGN, { firstDay: "2000-01-01", lastDay: "2090-12-31" }),
    );
    fc.assert(
      fc.property(birthDays, (birthDay) => {
        const apprentice = { status: "APPRENTI", birthDay };
        const loaded = validate(programme, Date.UTC(2020, 0, 1), apprentice);
        const grant = givenBy(loaded, "APPRENTI_EQUIPEMENT");
        const fromMs = firstMsOf(monthsAfter(birthDay, 14 * 12));
        const toMs = firstMsOf(monthsAfter(birthDay, 26 * 12));
        const at = (nowMs: number) => saleAt(programme, grant, nowMs).code;
        expect(at(fromMs - 1), birthDay).toBe("AGE_NOT_ELIGIBLE");
        expect(at(fromMs), birthDay).toBe("approved");
        expect(at(toMs - 1), birthDay).toBe("approved");
        expect(at(toMs), birthDay).toBe("AGE_NOT_ELIGIBLE");
      }),
      runsOf("edges of ages", 200),
    );
  });
});
