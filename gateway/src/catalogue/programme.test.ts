// The programme is data: checked as a whole, hashed, and refused with the field's name where it is wrong.

import { describe, expect, it } from "vitest";
import { loadProgramme, type ProgrammeData } from "./programme.js";

const spectacle = {
  code: "SPECTACLE",
  label: "Spectacle",
  family: "CULTURE",
  unit: "EUR_CENT",
} as const;
const DATA: ProgrammeData = {
  campaigns: [
    { code: "2022/2023", windows: { CULTURE: { firstDay: "2022-09-01", lastDay: "2023-06-30" } } },
  ],
  avantages: [spectacle],
  generations: [{ code: "2022", nfc: "sdm" }],
  settings: { accountUrl: "https://compte.example" },
};

describe("a programme", () => {
  it("has the defaults of the rules where its data is silent", () => {
    const { avantages, settings } = loadProgramme(DATA);
    expect(settings).toMatchObject({ pinTriesMax: 3, nfcRequiresPinDefined: true });
    expect(avantages.get("SPECTACLE")).toMatchObject({
      singleUse: false,
      copayCentsPerUnit: 0,
      channels: ["NFC", "QR", "KEYED", "WEB"],
    });
  });

  it("has the windows of its civil days", () => {
    const [campaign] = loadProgramme(DATA).campaigns;
    expect(campaign?.windows).toEqual({
      CULTURE: {
        fromMs: Date.parse("2022-08-31T22:00:00Z"),
        toMs: Date.parse("2023-06-30T22:00:00Z"),
        firstDay: "2022-09-01",
        lastDay: "2023-06-30",
      },
    });
  });

  it("is known by a hash that any change of its data changes", () => {
    const { hash } = loadProgramme(DATA);
    expect(loadProgramme(structuredClone(DATA)).hash).toBe(hash);
    const settings = { ...DATA.settings, pinTriesMax: 4 };
    expect(loadProgramme({ ...DATA, settings }).hash).not.toBe(hash);
  });

  it.each<[string, object, RegExp]>([
    ["a field that is not known", { extra: 1 }, /extra/],
    ["no avantage", { avantages: [] }, /avantages/],
    ["a unit that is none", { avantages: [{ ...spectacle, unit: "EUR" }] }, /unit/],
    ["an avantage twice", { avantages: [spectacle, spectacle] }, /SPECTACLE is defined twice/],
    [
      "a generation twice",
      { generations: [...DATA.generations, ...DATA.generations] },
      /2022 is defined twice/,
    ],
    [
      "a window that ends before it begins",
      {
        campaigns: [
          { code: "A", windows: { SPORT: { firstDay: "2023-02-02", lastDay: "2023-02-01" } } },
        ],
      },
      /2023-02-01/,
    ],
    ["no try of the PIN", { settings: { ...DATA.settings, pinTriesMax: 0 } }, /pinTriesMax/],
  ])("with %s is refused by name", (_what, change, message) => {
    expect(() => loadProgramme({ ...DATA, ...change })).toThrow(message);
  });
});
