// Declarations, justificatifs and bank accounts: what a partner must send before it is paid, and what is refused of it.

import { describe, expect, it } from "vitest";
import { catalogueData } from "../../../../tests/support/programme.js";
import * as calendar from "../../catalogue/civil-dates.js";
import { loadProgramme } from "../../catalogue/programme.js";
import type { BankAccount, EquipmentType, Justificatif } from "../settlement/model.js";
import type { PartnerEvent } from "./event.js";
import type { FiledPartner, PartnerFile } from "./file.js";
import { load } from "./load.js";
import { daysForPapers } from "./papers.js";

const programme = loadProgramme(catalogueData());
const partner = "P-1";
const SHOP: FiledPartner = {
  id: partner,
  name: "Outillage Express",
  status: "active",
  types: ["EQUIPEMENT"],
  flags: [],
};
const YEAR = "2022/2023";

interface Options {
  readonly file?: Partial<PartnerFile>;
  /** Paris day of the sending. */
  readonly today?: string;
}

function sent(event: PartnerEvent, { file = {}, today = "2022-10-01" }: Options = {}) {
  return load({
    event,
    agent: { id: "region-1", role: "region", etablissement: null },
    file: {
      partner: SHOP,
      conventions: [],
      agrements: [],
      bank: null,
      declarations: [],
      justificatifs: [],
      pointOfSalePartner: null,
      conventionPartner: null,
      ...file,
    },
    nowMs: Date.parse(`${today}T10:00:00Z`),
    programme,
    calendar,
  });
}

const refusal = (code: string, detail: RegExp) => ({
  outcome: "refused",
  code,
  detail: expect.stringMatching(detail),
});
const declared = (...types: readonly EquipmentType[]) => ({ schoolYear: YEAR, types });
const paper = (change: Partial<Justificatif> = {}): Justificatif => ({
  reference: "J-1",
  schoolYear: YEAR,
  kind: "PHOTO_STICKER",
  receivedOn: "2022-09-12",
  rejectedOn: null,
  ...change,
});

describe("the days for papers", () => {
  it("begin three months before the school year", () => {
    const days = { firstDay: "2022-06-01", lastDayOfYear: "2023-08-31" };
    expect(daysForPapers(YEAR)).toEqual(days);
  });

  it.each([
    "2022/2024",
    "2023/2022",
    "2022/2022",
    "2022-2023",
    "2022",
    "22/23",
    "",
    "2022/2023/2024",
  ])("of %j are none", (text) => {
    expect(daysForPapers(text)).toBeNull();
  });
});

describe("a declaration", () => {
  const declares = (types: readonly EquipmentType[], schoolYear = YEAR): PartnerEvent => ({
    type: "equipment.declared",
    partner,
    declaration: { schoolYear, types },
  });

  it.each<[readonly EquipmentType[]]>([[["OUTILLAGE", "VETEMENTS"]], [[]]])(
    "of %j is kept: an empty one says that the shop is not concerned",
    (types) => {
      expect(sent(declares(types))).toEqual({
        outcome: "applied",
        notes: [],
        writes: [
          { type: "putDeclaration", partnerId: partner, declaration: { schoolYear: YEAR, types } },
        ],
      });
    },
  );

  it("may be changed, and whoever reviews sees it", () => {
    const file = { declarations: [declared("OUTILLAGE")] };
    expect(sent(declares([]), { file })).toMatchObject({
      outcome: "applied",
      notes: [`the declaration of ${YEAR} said OUTILLAGE, and says not concerned now`],
    });
    expect(sent(declares([], "2021/2022"), { file })).toMatchObject({ notes: [] });
    expect(sent(declares(["OUTILLAGE", "VETEMENTS"]), { file })).toMatchObject({
      notes: [`the declaration of ${YEAR} said OUTILLAGE, and says OUTILLAGE, VETEMENTS now`],
    });
  });

  it("with its words in another order is the same", () => {
    const file = { declarations: [declared("OUTILLAGE", "VETEMENTS")] };
    expect(sent(declares(["VETEMENTS", "OUTILLAGE"]), { file }).outcome).toBe("unchanged");
  });

  it("that the shop is not concerned is noted where it has sent a paper", () => {
    const file = { justificatifs: [paper()] };
    expect(sent(declares([]), { file })).toMatchObject({
      outcome: "applied",
      notes: [expect.stringMatching(/not concerned in 2022\/2023, though a justificatif/)],
    });
    expect(sent(declares([], "2021/2022"), { file })).toMatchObject({ notes: [] });
    expect(sent(declares(["OUTILLAGE"]), { file })).toMatchObject({ notes: [] });
  });

  it("comes from three months before its year on, and late rather than never", () => {
    const on = (today: string) => sent(declares(["MATERIEL"]), { today });
    expect(on("2022-05-31")).toEqual(refusal("CONTRADICTION", /2022-06-01/));
    expect(on("2022-06-01").outcome).toBe("applied");
    expect(on("2023-12-01").outcome).toBe("applied");
  });

  it("of what is no school year is refused", () => {
    const refused = refusal("CONTRADICTION", /2022\/2024 is no school year/);
    expect(sent(declares(["MATERIEL"], "2022/2024"))).toEqual(refused);
  });
});

describe("a justificatif", () => {
  const received = (change: Partial<Justificatif> = {}): PartnerEvent => ({
    type: "justificatif.received",
    partner,
    justificatif: paper(change),
  });
  const file = { declarations: [declared("OUTILLAGE")] };

  it("is registered, and counts until it is rejected", () => {
    expect(sent(received({ rejectedOn: "2022-09-20" }), { file })).toEqual({
      outcome: "applied",
      notes: [],
      writes: [{ type: "putJustificatif", partnerId: partner, justificatif: paper() }],
    });
  });

  it.each([
    ["2022-05-31", YEAR],
    ["2022-09-12", "2023/2024"],
  ])("received on %s for another school year than %s is refused", (receivedOn, schoolYear) => {
    const event = received({ receivedOn, schoolYear });
    expect(sent(event, { file, today: "2024-12-10" })).toEqual(
      refusal("CONTRADICTION", /J-1 .*it is for another school year/),
    );
  });

  it.each(["2022-06-01", "2022-09-01", "2023-08-31"])("received on %s is taken", (receivedOn) => {
    const taken = sent(received({ receivedOn }), { file, today: "2026-12-10" });
    expect(taken).toMatchObject({ outcome: "applied", notes: [] });
  });

  it.each(["2023-09-01", "2024-09-02", "2026-12-10"])(
    "received as late as %s is taken with a note",
    (receivedOn) => {
      const taken = sent(received({ receivedOn }), { file, today: "2026-12-10" });
      expect(taken).toMatchObject({
        outcome: "applied",
        notes: [expect.stringMatching(/J-1 was received after 2022\/2023 had ended/)],
      });
    },
  );

  it("of what is no school year is refused", () => {
    expect(sent(received({ schoolYear: "2022" }), { file })).toEqual(
      refusal("CONTRADICTION", /2022 is no school year/),
    );
  });

  it("of a day to come is refused, on the Paris day", () => {
    const event = received({ receivedOn: "2022-10-01" });
    expect(sent(event, { file, today: "2022-09-30" })).toEqual(
      refusal("CONTRADICTION", /2022-10-01 has not come yet/),
    );
    expect(sent(event, { file, today: "2022-10-01" }).outcome).toBe("applied");
  });

  it("again changes nothing; another one under its reference is refused", () => {
    const known = { ...file, justificatifs: [paper()] };
    expect(sent(received(), { file: known }).outcome).toBe("unchanged");
    for (const change of [
      { kind: "FACTURE_FLOCAGE" },
      { schoolYear: "2021/2022" },
      { receivedOn: "2022-09-13" },
    ] as const) {
      expect(sent(received(change), { file: known })).toEqual(
        refusal(
          "CONTRADICTION",
          /J-1 is on record as PHOTO_STICKER of 2022\/2023, received on 2022-09-12/,
        ),
      );
    }
    expect(sent(received({ reference: "J-2" }), { file: known }).outcome).toBe("applied");
  });

  it("that was rejected is not mended by sending it again", () => {
    const known = { ...file, justificatifs: [paper({ rejectedOn: "2022-09-20" })] };
    expect(sent(received(), { file: known })).toEqual(
      refusal("CONTRADICTION", /rejected on 2022-09-20: .*a reference of its own/),
    );
    expect(sent(received({ reference: "J-2" }), { file: known }).outcome).toBe("applied");
  });

  it.each([
    ["undeclared", [], /equipment\.declared/],
    [
      "undeclared, though another year is declared,",
      [{ ...declared("OUTILLAGE"), schoolYear: "2021/2022" }],
      /nothing is declared for 2022\/2023/,
    ],
    ["not concerned", [declared()], /declared that it is not concerned/],
  ])("of a shop that is %s for the year is taken with a note", (_what, declarations, note) => {
    expect(sent(received(), { file: { declarations } })).toMatchObject({
      outcome: "applied",
      notes: [expect.stringMatching(note)],
    });
  });
});

describe("a rejection", () => {
  const rejected = (change: { reference?: string; rejectedOn?: string } = {}): PartnerEvent => ({
    type: "justificatif.rejected",
    partner,
    reference: "J-1",
    rejectedOn: "2022-09-20",
    ...change,
  });
  const file = { justificatifs: [paper(), paper({ reference: "J-2" })] };

  it("stands with its paper", () => {
    expect(sent(rejected(), { file })).toEqual({
      outcome: "applied",
      notes: [],
      writes: [
        {
          type: "putJustificatif",
          partnerId: partner,
          justificatif: paper({ rejectedOn: "2022-09-20" }),
        },
      ],
    });
  });

  it("needs a paper that is on record", () => {
    expect(sent(rejected({ reference: "J-9" }), { file })).toEqual(
      refusal("UNKNOWN_SUBJECT", /no justificatif J-9: justificatif\.received/),
    );
  });

  it("needs a partner that is known", () => {
    expect(sent(rejected(), { file: { ...file, partner: null } })).toEqual(
      refusal("UNKNOWN_SUBJECT", /P-1/),
    );
  });

  it("again changes nothing, and on another day is refused", () => {
    const known = { justificatifs: [paper({ rejectedOn: "2022-09-20" })] };
    expect(sent(rejected(), { file: known }).outcome).toBe("unchanged");
    expect(sent(rejected({ rejectedOn: "2022-09-21" }), { file: known })).toEqual(
      refusal("CONTRADICTION", /rejected on 2022-09-20 already/),
    );
  });

  it.each([
    ["2022-09-11", /received on 2022-09-12: it cannot be rejected on 2022-09-11/],
    ["2022-10-02", /2022-10-02 has not come yet/],
  ])("on %s is refused", (rejectedOn, detail) => {
    expect(sent(rejected({ rejectedOn }), { file })).toEqual(refusal("CONTRADICTION", detail));
  });

  it("may come on the day of the receipt", () => {
    expect(sent(rejected({ rejectedOn: "2022-09-12" }), { file }).outcome).toBe("applied");
  });
});

describe("papers of a partner that owes none", () => {
  const events: readonly PartnerEvent[] = [
    { type: "equipment.declared", partner, declaration: declared("MATERIEL") },
    { type: "justificatif.received", partner, justificatif: paper() },
  ];
  const declarations = [declared("OUTILLAGE")];

  it.each(events)("are taken with a note: $type", (event) => {
    const cinema = { ...SHOP, types: ["CINEMA"] };
    expect(sent(event, { file: { declarations, partner: cinema } })).toMatchObject({
      outcome: "applied",
      notes: expect.arrayContaining([
        expect.stringMatching(/P-1 takes no avantage .*it owes none/),
      ]),
    });
  });

  it.each(events)("are those of a lycée, unless it buys for groups: $type", (event) => {
    const notesOf = (flags: readonly string[]) => {
      const lycee = { ...SHOP, types: ["ETABLISSEMENT"], flags };
      const loaded = sent(event, { file: { declarations, partner: lycee } });
      return loaded.outcome === "refused" ? [] : loaded.notes.join();
    };
    expect(notesOf([])).toMatch(/owes none/);
    expect(notesOf(["achatGroupe"])).not.toMatch(/owes none/);
  });
});

describe("a bank account", () => {
  const ACCOUNT: BankAccount = {
    holder: "Outillage Express",
    iban: "FR7630006000011234567890189",
    bic: "AGRIFRPP",
  };
  const saved = (change: Partial<BankAccount> = {}): PartnerEvent => ({
    type: "bankAccount.saved",
    partner,
    account: { ...ACCOUNT, ...change },
  });

  it("is put on record, and the same one changes nothing", () => {
    expect(sent(saved())).toEqual({
      outcome: "applied",
      notes: [],
      writes: [{ type: "putBankAccount", partnerId: partner, account: ACCOUNT }],
    });
    expect(sent(saved(), { file: { bank: ACCOUNT } }).outcome).toBe("unchanged");
  });

  it.each<[Partial<BankAccount>, string]>([
    [
      { iban: "DE89370400440532013000" },
      "account changed: from the one that ends in 0189 to the one that ends in 3000",
    ],
    [
      { holder: "Un autre" },
      "account changed: the one that ends in 0189 has another holder or BIC",
    ],
    [{ bic: null }, "account changed: the one that ends in 0189 has another holder or BIC"],
  ])("that changes by %j is noted, its number not in clear", (change, note) => {
    const loaded = sent(saved(change), { file: { bank: ACCOUNT } });
    expect(loaded).toMatchObject({
      outcome: "applied",
      notes: [note],
      writes: [{ type: "putBankAccount", account: { ...ACCOUNT, ...change } }],
    });
  });
});
