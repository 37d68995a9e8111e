// What a commitment gives: by its kind, with its proofs, for its own months.

import { describe, expect, it } from "vitest";
import * as calendar from "../../catalogue/civil-dates.js";
import { loadProgramme } from "../../catalogue/programme.js";
import type { Programme } from "../programme.js";
import { rewardsOf } from "./commitments.js";

const NOW_MS = Date.parse("2024-02-29T11:00:00Z");
const gives = (name: string, amount: number, when: object) => ({
  id: `PERMIS_B/${name}`,
  kind: "grant",
  amount,
  when,
  invented: "test",
});

const programme = loadProgramme({
  vocabulary: {
    status: ["LYCEEN"],
    level: ["TERMINALE"],
    track: ["PRO"],
    flags: ["RAISED"],
    commitment: ["MISSION", "JSP", "SPV", "CADET", "LEVEL"],
    proofs: ["CERTIFICATE", "BREVET", "ENGAGEMENT"],
    partnerTypes: ["AUTO_ECOLE"],
    partnerFlags: ["flag"],
  },
  campaigns: [
    {
      code: "C",
      rules: [
        {
          id: "C/window",
          kind: "window",
          family: "SANTE",
          firstDay: null,
          lastDay: "2024-06-30",
          invented: "test",
        },
      ],
    },
  ],
  avantages: [
    {
      code: "PERMIS_B",
      label: "Permis B",
      unit: "EUR_CENT",
      rules: [
        { id: "PERMIS_B/months", kind: "ownWindow", months: 24, invented: "test" },
        { id: "PERMIS_B/paid", kind: "reimbursed", by: "debit", invented: "test" },
        gives("mission", 20000, { commitment: ["MISSION"], proofs: ["CERTIFICATE"] }),
        gives("jsp", 50000, { commitment: ["JSP"], proofs: ["BREVET"] }),
        gives("spv", 100000, { commitment: ["SPV"], proofs: ["BREVET", "ENGAGEMENT"] }),
        gives("campaign", 80000, { commitment: ["CADET"], campaign: ["C"] }),
        gives("terminale", 90000, { commitment: ["LEVEL"], level: ["TERMINALE"] }),
      ],
    },
  ],
  generations: [],
  settings: { accountUrl: "https://compte.example" },
});

function rewarded(
  commitment: string,
  proofs: readonly string[],
  avantages: Programme["avantages"] = programme.avantages,
) {
  const fulfilment = { commitment, proofs };
  return rewardsOf({ programme: { avantages }, fulfilment, nowMs: NOW_MS, calendar });
}

describe("a commitment", () => {
  it.each([
    ["MISSION", ["CERTIFICATE"], 20000],
    ["JSP", ["BREVET"], 50000],
    ["SPV", ["BREVET", "ENGAGEMENT"], 100000],
  ])(
    "%s with %j gives %i cents for 24 months, to the month's end (T-07, T-39)",
    (kind, proofs, amount) => {
      expect(rewarded(kind, proofs)).toMatchObject({
        rewards: [{ amount, window: { fromMs: NOW_MS, lastDay: "2026-02-28" } }],
      });
    },
  );

  it.each([
    ["JSP", [], ["BREVET"]],
    ["JSP", ["CERTIFICATE"], ["BREVET"]],
    ["SPV", ["BREVET"], ["ENGAGEMENT"]],
    ["SPV", [], ["BREVET", "ENGAGEMENT"]],
  ])("%s with %j lacks %j", (kind, proofs, missing) => {
    expect(rewarded(kind, proofs)).toEqual({ missing });
  });

  it("gives nothing where no rule asks for it, or a rule asks what it cannot tell", () => {
    expect(rewarded("CADET", ["BREVET"])).toBe("NOTHING_FOR_IT");
    expect(rewarded("LEVEL", [])).toBe("NOTHING_FOR_IT");
    expect(rewarded("CADET", [])).toBe("NOTHING_FOR_IT");
  });

  it("gives nothing in an avantage that follows a campaign's window", () => {
    const avantages = new Map(
      [...programme.avantages].map(([code, rule]) => [code, { ...rule, validMonths: null }]),
    );
    expect(rewarded("JSP", ["BREVET"], avantages)).toBe("NOTHING_FOR_IT");
  });
});
