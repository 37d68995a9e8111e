// Where a versement of the first equipment goes: its id, the one on record, or what stands in its way.

import { describe, expect, it } from "vitest";
import { grantOf } from "../../../../tests/support/builders.js";
import { windowOfDays } from "../../catalogue/civil-dates.js";
import type { Grant } from "../model.js";
import { placeVersement } from "./versements.js";

const OLD = "2021/2022";
const NEW = "2022/2023";
const FIRST = "a-1/EQUIPEMENT/BOIS/1";
const SECOND = "a-1/EQUIPEMENT/BOIS/2";
const NOW_MS = Date.parse("2022-09-15T10:00:00Z");
const YEAR = windowOfDays("2022-06-07", "2023-05-31");

const versement = (id: string, change: Partial<Grant> = {}) =>
  grantOf("EQUIPEMENT", { id, campaign: NEW, window: YEAR, ...change });

const place = (wanted: Grant, grants: readonly Grant[] = [], nowMs = NOW_MS) =>
  placeVersement(wanted, { accountId: "a-1", formation: "BOIS", grants, nowMs });

const standsBeside = (id: string) => ({ note: expect.stringMatching(`${id} stands beside it`) });

describe("a versement", () => {
  it("that is new goes under its first id, without a note", () => {
    expect(place(versement(FIRST))).toEqual({ id: FIRST, notes: [] });
    const unlike = [grantOf("CINEMA"), grantOf("SPECTACLE", { campaign: OLD })];
    expect(place(versement(FIRST), unlike)).toEqual({ id: FIRST, notes: [] });
  });

  it("that is on record in its campaign is that one, revoked or not, spent of or not", () => {
    for (const change of [{}, { spent: 500 }, { revoked: true }, { revoked: true, spent: 500 }]) {
      const existing = versement(FIRST, change);
      expect(place(versement(FIRST), [existing])).toEqual({ existing });
    }
  });

  it("is given once for life (T-28)", () => {
    const before = versement(FIRST, { campaign: OLD, window: windowOfDays(null, "2022-05-31") });
    const once = { note: expect.stringMatching(/given in 2021\/2022 and is given once for life/) };
    expect(place(versement(FIRST), [before])).toEqual(once);
    expect(place(versement(FIRST), [{ ...before, revoked: true, spent: 1 }])).toEqual(once);
    expect(place(versement(FIRST), [{ ...before, revoked: true }])).toEqual({
      id: `${FIRST}/${NEW}`,
      notes: [],
    });
  });

  it("is not given when its window is over", () => {
    expect(place(versement(FIRST), [], YEAR.toMs)).toEqual({
      note: `${FIRST} is not granted: its window in 2022/2023 ended on 2023-05-31`,
    });
    expect(place(versement(FIRST), [], YEAR.toMs - 1)).toEqual({ id: FIRST, notes: [] });
  });
});

describe("two versements of one formation", () => {
  it("are never of one campaign, though the other's window is over (T-27)", () => {
    const window = windowOfDays("2022-06-07", "2022-08-31");
    expect(place(versement(SECOND), [versement(FIRST, { window })])).toEqual(standsBeside(FIRST));
  });

  it("are given beside each other where one ends before the other begins (T-27)", () => {
    const summerMs = Date.parse("2022-07-15T10:00:00Z");
    const autumn = { window: windowOfDays("2022-09-01", "2023-05-31") };
    const until = (lastDay: string) =>
      versement(FIRST, { campaign: OLD, window: windowOfDays(null, lastDay) });
    expect(place(versement(SECOND, autumn), [until("2022-08-31")], summerMs)).toEqual({
      id: SECOND,
      notes: [],
    });
    expect(place(versement(SECOND, autumn), [until("2022-09-01")], summerMs)).toEqual(
      standsBeside(FIRST),
    );
  });

  it("are of one avantage: what a formation gives of another is not in their way", () => {
    const other = grantOf("LICENCE", { id: "a-1/LICENCE/BOIS/1" });
    expect(place(versement(FIRST), [other])).toEqual({ id: FIRST, notes: [] });
  });
});

describe("versements of other formations", () => {
  it("are named for review, all of them, and nothing else (T-28)", () => {
    const others = ["a-1/EQUIPEMENT/MODE/1", "a-1/EQUIPEMENT/METAL/1"].map((id) => versement(id));
    const beside = [versement(SECOND, { revoked: true }), grantOf("CINEMA")];
    expect(place(versement(FIRST), [...others, ...beside])).toEqual({
      id: FIRST,
      notes: [
        `${FIRST} is granted beside a-1/EQUIPEMENT/MODE/1, a-1/EQUIPEMENT/METAL/1: another formation, to be reviewed`,
      ],
    });
  });
});
