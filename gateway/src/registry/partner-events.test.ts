// What is sent of a partner's account, papers and tariffs: read as it is meant, or refused with place and reason.

import { describe, expect, it } from "vitest";
import { windowOfDays } from "../catalogue/civil-dates.js";
import type { LoadEvent } from "../core/loading/event.js";
import { loadEventOf } from "./load-event.js";
import { SentEventSchema } from "./sent-event.js";

const about = { id: "5f0c1a52-8a0e-4c60-9d0e-000000000001", partner: "P-1" };
const IBAN = "FR7630006000011234567890189";

/** The core's event of one that was sent. */
function read(body: object): LoadEvent {
  const noCard = (): never => {
    throw new Error("an event of a partner has no card");
  };
  const conversion = { sealCard: noCard, cardIdOf: noCard, windowOfDays };
  return loadEventOf(SentEventSchema.parse({ ...about, ...body }), conversion);
}

/** Where an event is wrong, and why. */
function issuesOf(body: object): readonly string[] {
  const { error } = SentEventSchema.safeParse({ ...about, ...body });
  return (error?.issues ?? []).map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("a bank account", () => {
  const saved = (change: object = {}) => ({
    type: "bankAccount.saved",
    account: { holder: "Outillage Express", iban: IBAN, bic: "AGRIFRPP", ...change },
  });

  it("is read as it is printed, in blocks of four, and in either case", () => {
    const typed = { iban: " fr76 3000 6000 0112 3456 7890 189 ", bic: "agri fr pp" };
    expect(read(saved(typed))).toEqual({
      type: "bankAccount.saved",
      partner: "P-1",
      account: { holder: "Outillage Express", iban: IBAN, bic: "AGRIFRPP" },
    });
  });

  it("needs no BIC", () => {
    expect(read(saved({ bic: null }))).toMatchObject({ account: { bic: null } });
  });

  it.each([
    ["FR7630006000011234567890188", /is no IBAN: .*RIB/],
    ["FR763000600001123456789018", /is no IBAN/],
    ["3000600001123456789018", /is no IBAN/],
    ["", /is no IBAN/],
    ["BR1800360305000010009795493C1", /outside SEPA/],
  ])("with the IBAN %j is refused without repeating it", (iban, reason) => {
    const issues = issuesOf(saved({ iban }));
    expect(issues).toEqual([expect.stringMatching(reason)]);
    expect(issues[0]).toMatch(/^account\.iban: /);
    if (iban !== "") expect(issues[0]).not.toContain(iban);
  });

  it("is refused with what is no BIC, no name, or more than a transfer carries of one", () => {
    expect(issuesOf(saved({ bic: "AGRI" }))).toEqual([
      expect.stringMatching(/^account\.bic: is no BIC/),
    ]);
    for (const holder of ["", "  ", "x".repeat(71)]) {
      expect(issuesOf(saved({ holder }))).toEqual([expect.stringMatching(/^account\.holder: /)]);
    }
    expect(issuesOf(saved({ holder: "x".repeat(70) }))).toEqual([]);
  });
});

describe("a declaration", () => {
  const declared = (types: readonly string[], schoolYear = "2022/2023") => ({
    type: "equipment.declared",
    declaration: { schoolYear, types },
  });

  it("names types of equipment, or none of them", () => {
    for (const types of [["MATERIEL", "OUTILLAGE", "VETEMENTS"], []]) {
      expect(read(declared(types))).toMatchObject({ declaration: { types } });
    }
  });

  it.each([
    [declared(["CHAUSSURES"]), /^declaration\.types\.0: /],
    [declared(["OUTILLAGE", "OUTILLAGE"]), /^declaration\.types: names a type twice/],
    [declared([], "2022/2024"), /^declaration\.schoolYear: must be a school year/],
    [declared([], "2022-2023"), /^declaration\.schoolYear: must be a school year/],
  ])("as %j is refused", (body, reason) => {
    expect(issuesOf(body)).toEqual([expect.stringMatching(reason)]);
  });
});

describe("a justificatif", () => {
  const received = (change: object = {}) => ({
    type: "justificatif.received",
    justificatif: {
      reference: "J-1",
      schoolYear: "2022/2023",
      kind: "PHOTO_STICKER",
      receivedOn: "2022-09-12",
      ...change,
    },
  });

  it("is not rejected when it is received", () => {
    expect(read(received())).toMatchObject({
      justificatif: { reference: "J-1", receivedOn: "2022-09-12", rejectedOn: null },
    });
  });

  it("is rejected by its reference", () => {
    const rejected = { type: "justificatif.rejected", reference: "J-1", rejectedOn: "2022-09-20" };
    expect(read(rejected)).toEqual({ partner: "P-1", ...rejected });
  });

  it.each([
    [received({ kind: "PHOTO" }), /^justificatif\.kind: /],
    [received({ schoolYear: "2023/2022" }), /^justificatif\.schoolYear: must be a school year/],
    [received({ receivedOn: "12/09/2022" }), /^justificatif\.receivedOn: /],
    [received({ rejectedOn: null }), /^justificatif: .*rejectedOn/],
  ])("as %j is refused", (body, reason) => {
    expect(issuesOf(body)).toEqual([expect.stringMatching(reason)]);
  });
});

describe("a convention", () => {
  const saved = (change: object = {}) => ({
    type: "convention.saved",
    convention: {
      reference: "C-1",
      state: "REQUESTED",
      firstDay: "2022-06-01",
      lastDay: "2027-05-31",
      signature: null,
      ...change,
    },
  });

  it("has the tariffs that are sent, and none where none is", () => {
    const tariffs = { CINEMA: 480, MUSEE: 1 };
    expect(read(saved({ tariffs }))).toMatchObject({ convention: { tariffs } });
    for (const none of [{}, { tariffs: {} }]) {
      expect(read(saved(none))).not.toHaveProperty("convention.tariffs");
    }
  });

  it.each([
    [{ CINEMA: 0 }, /^convention\.tariffs\.CINEMA: /],
    [{ CINEMA: 4.5 }, /^convention\.tariffs\.CINEMA: must be in whole cents/],
    [{ "le ciné": 480 }, /^convention\.tariffs\.le ciné: /],
  ])("with tariffs of %j is refused", (tariffs, reason) => {
    expect(issuesOf(saved({ tariffs }))).toEqual([expect.stringMatching(reason)]);
  });
});
