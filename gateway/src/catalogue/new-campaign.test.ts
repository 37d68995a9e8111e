// A later campaign with an avantage that nobody has thought of is data alone: no line of code changes (T-62).

import { describe, expect, it } from "vitest";
import { type aPartner, saleCase } from "../../../tests/support/builders.js";
import { catalogueData } from "../../../tests/support/programme.js";
import { authorize } from "../core/authorize.js";
import { entitle } from "../core/entitlement/entitle.js";
import type { Attributes } from "../core/loading/event.js";
import type { Grant } from "../core/model.js";
import { parisDay, windowOfAge, windowOfMonths } from "./civil-dates.js";
import { loadProgramme } from "./programme.js";
import type { CheckedProgrammeData } from "./schema.js";

const invented = "A campaign for a test.";
const CAMPAIGN = "2023/2024";

/** The checked-in catalogue with a third campaign, and 30 € for a fishing licence at a new kind of partner. */
function withFishing(): CheckedProgrammeData {
  const data = catalogueData();
  const days = { firstDay: "2023-09-15", lastDay: "2024-04-30" };
  return {
    ...data,
    vocabulary: {
      ...data.vocabulary,
      partnerTypes: [...data.vocabulary.partnerTypes, "FEDERATION_DE_PECHE"],
    },
    campaigns: [
      ...data.campaigns,
      {
        code: CAMPAIGN,
        rules: [{ id: "2023_2024/SPORT", kind: "window", family: "SPORT", ...days, invented }],
      },
    ],
    avantages: [
      ...data.avantages,
      {
        code: "PERMIS_DE_PECHE",
        label: "Permis de pêche",
        unit: "EUR_CENT",
        rules: [
          { id: "PERMIS_DE_PECHE/window", kind: "window", family: "SPORT", invented },
          {
            id: "PERMIS_DE_PECHE/base",
            kind: "grant",
            amount: 3_000,
            when: { campaign: [CAMPAIGN] },
            invented,
          },
          { id: "PERMIS_DE_PECHE/single-use", kind: "singleUse", invented },
          {
            id: "PERMIS_DE_PECHE/at-federation",
            kind: "partner",
            type: "FEDERATION_DE_PECHE",
            invented,
          },
          { id: "PERMIS_DE_PECHE/reimbursed", kind: "reimbursed", by: "debit", invented },
        ],
      },
    ],
  };
}

const programme = loadProgramme(withFishing());
const attributes = {
  status: "LYCEEN",
  level: "SECONDE",
  track: "GENERALE",
  formation: null,
  flags: [],
  birthDay: null,
};

function grantsOf(
  campaign: string,
  by = programme,
  said: Attributes = attributes,
): readonly Grant[] {
  const found = by.campaigns.find(({ code }) => code === campaign);
  if (!found) throw new Error(`the programme has no campaign ${campaign}`);
  const calendar = { windowOfAge, windowOfMonths, parisDay };
  return entitle({
    programme: by,
    campaign: found,
    accountId: "a-1",
    attributes: said,
    calendar,
  }).grants;
}

const sell = (on: string, partner: Parameters<typeof aPartner>[0] = {}) =>
  authorize(
    saleCase({
      programme,
      avantage: "PERMIS_DE_PECHE",
      purchaseCents: 4_000,
      card: { generation: "SDM-1" },
      grants: grantsOf(CAMPAIGN),
      nowMs: Date.parse(on),
      partner: {
        types: ["FEDERATION_DE_PECHE"],
        agrements: ["PERMIS_DE_PECHE"],
        ...partner,
      },
    }),
  );

describe("a third campaign with a new avantage", () => {
  it("is granted to a validated pupil, in its own window", () => {
    const grant = grantsOf(CAMPAIGN).find(({ avantage }) => avantage === "PERMIS_DE_PECHE");
    expect(grant).toMatchObject({
      campaign: CAMPAIGN,
      unit: "EUR_CENT",
      amount: 3_000,
      rule: "PERMIS_DE_PECHE/base",
      window: { firstDay: "2023-09-15", lastDay: "2024-04-30" },
    });
  });

  it("is sold within the window and not a millisecond outside", () => {
    expect(sell("2023-09-14T21:59:59.999Z").code).toBe("WINDOW_NOT_OPEN");
    expect(sell("2023-09-14T22:00:00Z")).toMatchObject({
      code: "APPROVED_PARTIAL",
      figures: { amountCents: 3_000, collectCents: 1_000 },
    });
    expect(sell("2024-04-30T21:59:59.999Z").approved).toBe(true);
    expect(sell("2024-04-30T22:00:00Z").code).toBe("WINDOW_CLOSED");
  });

  it("is sold by its own kind of partner alone", () => {
    const types = ["CLUB_SPORTIF"];
    expect(sell("2023-10-01T10:00:00Z", { types }).code).toBe("AVANTAGE_NOT_ACCEPTED_HERE");
  });

  it("leaves the campaigns before it as they were", () => {
    const older = loadProgramme(catalogueData());
    expect(programme.campaigns.slice(0, 2)).toEqual(older.campaigns);
    for (const [code, rule] of older.avantages) {
      expect(programme.avantages.get(code)).toEqual(rule);
    }
    expect(programme.hash).not.toBe(older.hash);
  });

  it.each<[string, Partial<Attributes>]>([
    ["a lycéen", {}],
    ["in Terminale", { level: "TERMINALE" }],
    ["with a formation", { track: "PROFESSIONNELLE", formation: "BACPRO_CUISINE" }],
    ["with every flag", { track: "CAP", flags: ["MAJORATION_A", "MAJORATION_B", "MAJORATION_C"] }],
    ["an apprenti", { status: "APPRENTI", level: "AUTRE", track: "AUTRE", birthDay: "2004-05-02" }],
  ])("gives nobody more or less for the campaigns before it: %s", (_who, change) => {
    const older = loadProgramme(catalogueData());
    const said = { ...attributes, ...change };
    for (const { code } of older.campaigns) {
      const grants = grantsOf(code, programme, said);
      expect(grants.length).toBeGreaterThan(0);
      expect(grants).toEqual(grantsOf(code, older, said));
    }
  });
});
