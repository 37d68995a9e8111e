// Every event in a young person's and a partner's story: who may send it, and that it changes nothing the second time.

import { describe, expect, it } from "vitest";
import * as calendar from "../../catalogue/civil-dates.js";
import { loadProgramme } from "../../catalogue/programme.js";
import type { BeneficiaryCase, LoadContext, PartnerCase } from "./case.js";
import type { BeneficiaryEvent, LoadEvent, PartnerEvent, Role } from "./event.js";
import type { BeneficiaryFile, PartnerFile } from "./file.js";
import { load } from "./load.js";
import type { Loaded, LoadWrite } from "./loaded.js";

const rule = (id: string, kind: string, rest: object) => ({ id, kind, ...rest, invented: "test" });

const programme = loadProgramme({
  vocabulary: {
    status: ["LYCEEN"],
    level: ["SECONDE"],
    track: ["PRO"],
    flags: ["RAISED"],
    commitment: ["MISSION"],
    proofs: ["CERTIFICATE"],
    partnerTypes: ["LIBRAIRIE", "SANTE"],
    partnerFlags: ["flag"],
  },
  campaigns: [
    {
      code: "2022/2023",
      rules: [
        rule("C/SCOLAIRE", "window", {
          family: "SCOLAIRE",
          firstDay: "2022-06-07",
          lastDay: "2023-05-31",
        }),
      ],
    },
  ],
  avantages: [
    {
      code: "LIVRES",
      label: "Livres",
      unit: "EUR_CENT",
      rules: [
        rule("LIVRES/window", "window", { family: "SCOLAIRE" }),
        rule("LIVRES/paid", "reimbursed", { by: "convention" }),
        rule("LIVRES/all", "grant", { amount: 1500 }),
        rule("LIVRES/at", "partner", { type: "LIBRAIRIE" }),
      ],
    },
    {
      code: "COUPON",
      label: "Coupon",
      unit: "COUPON",
      rules: [
        rule("COUPON/window", "window", { family: "SCOLAIRE" }),
        rule("COUPON/paid", "reimbursed", { by: "convention" }),
        rule("COUPON/all", "grant", { amount: 0 }),
      ],
    },
    {
      code: "PERMIS_B",
      label: "Permis B",
      unit: "EUR_CENT",
      rules: [
        rule("PERMIS_B/months", "ownWindow", { months: 24 }),
        rule("PERMIS_B/paid", "reimbursed", { by: "convention" }),
        rule("PERMIS_B/mission", "grant", { amount: 20000, when: { commitment: ["MISSION"] } }),
      ],
    },
  ],
  generations: [{ code: "2022", nfc: "sdm", invented: "test" }],
  settings: { accountUrl: "https://compte.example" },
});

const NOW_MS = Date.parse("2022-09-15T10:00:00Z");
const card = (id: string) => ({
  id,
  generation: "2022",
  lastFour: "0007",
  numberIndex: new Uint8Array(),
  numberEncrypted: new Uint8Array(),
  identifierIndex: null,
});
const campaign = "2022/2023";
const beneficiary = "a-1";
const partner = "p-1";
const schoolYear = "2022/2023";
const signed = {
  reference: "C-1",
  state: "IN_FORCE",
  fromMs: 0,
  toMs: NOW_MS * 2,
  signature: { reference: "S-1", atMs: 1 },
} as const;

const LIFE: readonly BeneficiaryEvent[] = [
  {
    type: "card.ordered",
    beneficiary,
    holder: "Camille D.",
    etablissement: "lycee-1",
    campaign,
    charterAcceptedOn: "2022-06-10",
  },
  {
    type: "beneficiary.validated",
    beneficiary,
    campaign,
    etablissement: "lycee-1",
    attributes: {
      status: "LYCEEN",
      level: "SECONDE",
      track: "PRO",
      formation: null,
      flags: [],
      birthDay: null,
    },
  },
  { type: "card.made", beneficiary, card: card("card-1") },
  { type: "card.issued", beneficiary, card: card("card-1") },
  { type: "card.withdrawn", beneficiary, cardId: "card-1", status: "BLOCKED" },
  { type: "card.restored", beneficiary, cardId: "card-1" },
  { type: "card.replaced", beneficiary, replacedCardId: "card-1", card: card("card-2") },
  { type: "coupons.loaded", beneficiary, campaign, avantage: "COUPON", count: 3 },
  { type: "commitment.fulfilled", beneficiary, commitment: "MISSION", proofs: ["CERTIFICATE"] },
  {
    type: "suspension.decided",
    beneficiary,
    suspension: "s-1",
    campaign,
    avantages: "ALL",
    decisionRef: "D-1",
  },
  { type: "suspension.lifted", beneficiary, suspension: "s-1", decisionRef: "D-2" },
  { type: "grants.revoked", beneficiary, campaign, avantages: "ALL" },
  { type: "beneficiary.moved", beneficiary, etablissement: "lycee-2" },
];

const TRADE: readonly PartnerEvent[] = [
  {
    type: "partner.saved",
    partner,
    name: "Librairie",
    status: "active",
    types: ["LIBRAIRIE"],
    flags: [],
  },
  { type: "pointOfSale.saved", partner, pointOfSale: "pos-1", name: "Centre", city: "Lyon" },
  { type: "convention.saved", partner, convention: signed },
  { type: "agrement.given", partner, avantage: "LIVRES" },
  {
    type: "bankAccount.saved",
    partner,
    account: { holder: "Librairie", iban: "FR7630006000011234567890189", bic: null },
  },
  { type: "equipment.declared", partner, declaration: { schoolYear, types: ["OUTILLAGE"] } },
  {
    type: "justificatif.received",
    partner,
    justificatif: {
      reference: "J-1",
      schoolYear,
      kind: "PHOTO_STICKER",
      receivedOn: "2022-09-13",
      rejectedOn: null,
    },
  },
  { type: "justificatif.rejected", partner, reference: "J-1", rejectedOn: "2022-09-14" },
  {
    type: "incivility.reported",
    partner,
    report: "r-1",
    beneficiary,
    receivedOn: "2022-09-14",
  },
  { type: "agrement.withdrawn", partner, avantage: "LIVRES" },
];

/** These are not on file: they are written again, as they are. */
const WRITTEN_AGAIN: readonly LoadEvent["type"][] = ["pointOfSale.saved", "incivility.reported"];

const senderOf = (event: LoadEvent): Role =>
  event.type.startsWith("suspension.") ? "region" : "operator";

function context(role: Role): LoadContext {
  const agent = { id: "agent", role, etablissement: null };
  return { agent, nowMs: NOW_MS, programme, calendar };
}

const NOBODY: BeneficiaryFile = {
  account: null,
  cards: [],
  grants: [],
  suspensions: [],
  cardTaken: false,
};
const NO_PARTNER: PartnerFile = {
  partner: null,
  conventions: [],
  agrements: [],
  bank: null,
  declarations: [],
  justificatifs: [],
  pointOfSalePartner: null,
  conventionPartner: null,
};

function writesOf(loaded: Loaded): readonly LoadWrite[] {
  if (loaded.outcome === "refused") throw new Error(`${loaded.code}: ${loaded.detail}`);
  return loaded.writes;
}

/** What a store does with a write, on the file alone. */
function written(file: BeneficiaryFile, write: LoadWrite): BeneficiaryFile {
  const { cards, grants, suspensions } = file;
  switch (write.type) {
    case "putAccount":
      return { ...file, account: write.account };
    case "putCard":
      return { ...file, cards: [...cards, { ...write.card, status: write.status }] };
    case "setCardStatus":
      return {
        ...file,
        cards: cards.map((it) => {
          if (it.id !== write.cardId) return it;
          expect(it.status).toBe(write.from);
          return { ...it, status: write.to };
        }),
      };
    case "putGrant":
      return { ...file, grants: [...grants, write.grant] };
    case "raiseGrant":
      return {
        ...file,
        grants: grants.map((it) =>
          it.id === write.grantId ? { ...it, amount: write.amount, window: write.window } : it,
        ),
      };
    case "setGrantRevoked":
      return {
        ...file,
        grants: grants.map((it) =>
          it.id === write.grantId ? { ...it, revoked: write.revoked } : it,
        ),
      };
    case "putSuspension":
      return { ...file, suspensions: [...suspensions, write.suspension] };
    case "liftSuspension":
      return {
        ...file,
        suspensions: suspensions.map((it) => ({ ...it, liftedAtMs: write.atMs })),
      };
    default:
      throw new Error(`${write.type} is no write about a young person`);
  }
}

function writtenOfPartner(file: PartnerFile, write: LoadWrite): PartnerFile {
  switch (write.type) {
    case "putPartner":
      return { ...file, partner: write.partner };
    case "putPointOfSale":
      return { ...file, pointOfSalePartner: write.partnerId };
    case "putConvention":
      return { ...file, conventions: [write.convention], conventionPartner: write.partnerId };
    case "putAgrement":
      return { ...file, agrements: [...file.agrements, write.avantage] };
    case "dropAgrement":
      return { ...file, agrements: file.agrements.filter((it) => it !== write.avantage) };
    case "putBankAccount":
      return { ...file, bank: write.account };
    case "putDeclaration":
      return { ...file, declarations: [write.declaration] };
    case "putJustificatif":
      return { ...file, justificatifs: [write.justificatif] };
    case "putReport":
      return file;
    default:
      throw new Error(`${write.type} is no write about a partner`);
  }
}

/** Every event of both stories with the file as the events before it left it. */
const CASES: readonly (BeneficiaryCase | PartnerCase)[] = [...lifeCases(), ...tradeCases()];

function lifeCases(): readonly BeneficiaryCase[] {
  let file = NOBODY;
  return LIFE.map((event) => {
    const input: BeneficiaryCase = { ...context(senderOf(event)), event, file };
    file = writesOf(load(input)).reduce(written, file);
    return input;
  });
}

function tradeCases(): readonly PartnerCase[] {
  let file = NO_PARTNER;
  return TRADE.map((event) => {
    const input: PartnerCase = { ...context(senderOf(event)), event, file };
    file = writesOf(load(input)).reduce(writtenOfPartner, file);
    return input;
  });
}

/** The same event on the file as it left it. */
function again(input: BeneficiaryCase | PartnerCase): Loaded {
  const writes = writesOf(load(input));
  return "partner" in input.file
    ? load({ ...(input as PartnerCase), file: writes.reduce(writtenOfPartner, input.file) })
    : load({ ...(input as BeneficiaryCase), file: writes.reduce(written, input.file) });
}

const named = CASES.map((input) => ({ title: input.event.type, input }));

describe("an event", () => {
  it.each(named)("$title is applied the first time", ({ input }) => {
    expect(load(input).outcome).toBe("applied");
  });

  it.each(named.filter(({ title }) => !WRITTEN_AGAIN.includes(title)))(
    "$title changes nothing the second time (T-19)",
    ({ input }) => {
      expect(again(input)).toMatchObject({ outcome: "unchanged", writes: [] });
    },
  );

  it.each(named.filter(({ title }) => WRITTEN_AGAIN.includes(title)))(
    "$title is written the second time as it was the first",
    ({ input }) => {
      expect(again(input)).toEqual(load(input));
    },
  );

  it("is refused where nothing of its subject is on record, unless it is the first", () => {
    for (const { event } of CASES.slice(1)) {
      if (event.type === "partner.saved") continue;
      const input =
        "partner" in event
          ? { ...context(senderOf(event)), event, file: NO_PARTNER }
          : { ...context(senderOf(event)), event, file: NOBODY };
      expect(load(input)).toMatchObject({ outcome: "refused", code: "UNKNOWN_SUBJECT" });
    }
  });
});

describe("a role", () => {
  const allowed = (role: Role) =>
    CASES.filter((input) => {
      const loaded = load({ ...input, agent: { id: "agent", role, etablissement: "lycee-1" } });
      return loaded.outcome !== "refused";
    }).map(({ event }) => event.type);

  const all = CASES.map(({ event }) => event.type);
  const aboutCards = all.filter((type) => type.startsWith("card."));
  const suspensions = ["suspension.decided", "suspension.lifted"];

  it("operator does everything but suspend", () => {
    expect(allowed("operator")).toEqual(all.filter((type) => !suspensions.includes(type)));
  });

  it("region does everything but cards, validations and moves", () => {
    const others = [...aboutCards, "beneficiary.validated", "beneficiary.moved"];
    expect(allowed("region")).toEqual(all.filter((type) => !others.includes(type)));
  });

  it("etablissement validates and does nothing else", () => {
    const pupils = CASES.filter(({ event }) => event.type === "beneficiary.validated");
    expect(pupils).toHaveLength(1);
    expect(allowed("etablissement")).toEqual(["beneficiary.validated"]);
  });

  it("that is not allowed is told who is", () => {
    const [decided] = CASES.filter(({ event }) => event.type === "suspension.decided");
    if (!decided) throw new Error("the story has a suspension");
    expect(load({ ...decided, agent: { ...decided.agent, role: "operator" } })).toEqual({
      outcome: "refused",
      code: "NOT_ALLOWED",
      detail: expect.stringMatching(/region/),
    });
  });
});
