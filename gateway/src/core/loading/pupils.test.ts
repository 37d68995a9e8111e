// A pupil's way between order, validation and move, by the checked-in catalogue: what is written, and what is told.

import { describe, expect, it } from "vitest";
import { TEST_PROGRAMME } from "../../../../tests/support/programme.js";
import * as calendar from "../../catalogue/civil-dates.js";
import type { Agent, Attributes, BeneficiaryEvent } from "./event.js";
import type { FiledAccount } from "./file.js";
import { load } from "./load.js";

const beneficiary = "a-1";
const campaign = "2022/2023";
const ACCOUNT: FiledAccount = {
  id: beneficiary,
  holder: "Camille D.",
  etablissement: "lycee-1",
  charterAcceptedOn: "2022-06-10",
};
const LYCEEN: Attributes = {
  status: "LYCEEN",
  level: "SECONDE",
  track: "PROFESSIONNELLE",
  formation: null,
  flags: [],
  birthDay: null,
};
const OPERATOR: Agent = { id: "op", role: "operator", etablissement: null };
const SCHOOL: Agent = { id: "school", role: "etablissement", etablissement: "lycee-1" };

interface Surroundings {
  readonly account?: FiledAccount | null;
  readonly agent?: Agent;
  readonly at?: string;
}

function loadOn(event: BeneficiaryEvent, surroundings: Surroundings = {}) {
  const { account = ACCOUNT, agent = OPERATOR, at = "2022-09-15T10:00:00Z" } = surroundings;
  return load({
    event,
    agent,
    file: { account, cards: [], grants: [], suspensions: [], cardTaken: false },
    nowMs: Date.parse(at),
    programme: TEST_PROGRAMME,
    calendar,
  });
}

const validated = (attributes: Partial<Attributes> = {}, etablissement = "lycee-1") =>
  ({
    type: "beneficiary.validated",
    beneficiary,
    campaign,
    etablissement,
    attributes: { ...LYCEEN, ...attributes },
  }) satisfies BeneficiaryEvent;

const refusal = (code: string, detail: RegExp) => ({
  outcome: "refused",
  code,
  detail: expect.stringMatching(detail),
});

describe("a validation", () => {
  it.each([
    ["the operator", OPERATOR],
    ["the pupil's own établissement", SCHOOL],
  ])("by %s writes the grants of its campaign for its pupil", (_who, agent) => {
    const formation = "BACPRO_METIERS_DU_BOIS";
    const loaded = loadOn(validated({ formation }), { agent });
    expect(loaded).toMatchObject({ outcome: "applied", notes: [] });
    const writes = "writes" in loaded ? loaded.writes : [];
    expect(writes).toContainEqual({
      type: "putGrant",
      accountId: beneficiary,
      grant: expect.objectContaining({ avantage: "MANUELS_CREDIT", campaign, amount: 5000 }),
    });
    expect(writes).toContainEqual({
      type: "putGrant",
      accountId: beneficiary,
      grant: expect.objectContaining({ id: `${beneficiary}/EQUIPEMENT/${formation}/1`, campaign }),
    });
  });

  it.each<[keyof Attributes, Partial<Attributes>]>([
    ["status", { status: "LYCEN" }],
    ["level", { level: "2NDE" }],
    ["track", { track: "PRO" }],
    ["flags", { flags: ["MAJORATION_A", "MAJORATION_Z"] }],
    ["formation", { formation: "FER" }],
  ])("with a word that is none names its field, %s, and not the word", (field, wrong) => {
    expect(loadOn(validated(wrong))).toEqual({
      outcome: "refused",
      code: "NOT_IN_PROGRAMME",
      detail: `attributes.${field} holds a word that the programme does not have: see its vocabulary`,
    });
  });

  it("before its campaign is told from when validations are taken", () => {
    expect(loadOn(validated(), { at: "2022-06-06T10:00:00Z" })).toEqual(
      refusal("OUTSIDE_CAMPAIGN", /^validations of 2022\/2023 open on 2022-06-07$/),
    );
  });

  it("needs an order first", () => {
    expect(loadOn(validated(), { account: null })).toEqual(
      refusal("UNKNOWN_SUBJECT", /^no beneficiary a-1 .*card\.ordered must come first$/),
    );
  });

  it("by the operator in the name of another établissement needs a move first", () => {
    expect(loadOn(validated({}, "lycee-2"))).toEqual(
      refusal("CONTRADICTION", /not at lycee-2 .*beneficiary\.moved must come first/),
    );
  });

  it("by an établissement in the name of another is refused as of a stranger", () => {
    expect(loadOn(validated({}, "lycee-2"), { agent: SCHOOL })).toEqual(
      refusal(
        "NOT_ALLOWED",
        /^a-1 is no pupil .*: the operator must enter or move the pupil first/,
      ),
    );
  });
});

describe("an order for an account that was taken over", () => {
  const order = {
    type: "card.ordered",
    beneficiary,
    holder: "Camille D.",
    etablissement: "lycee-1",
    campaign,
    charterAcceptedOn: "2022-06-10",
  } satisfies BeneficiaryEvent;

  it.each<[string, Partial<FiledAccount>]>([
    ["without an établissement", { etablissement: null }],
    ["without a charter", { charterAcceptedOn: null }],
    ["without either", { etablissement: null, charterAcceptedOn: null }],
    ["with an older charter", { charterAcceptedOn: "2021-06-10" }],
  ])("%s completes it", (_what, change) => {
    expect(loadOn(order, { account: { ...ACCOUNT, ...change } })).toEqual({
      outcome: "applied",
      notes: [],
      writes: [{ type: "putAccount", account: ACCOUNT }],
    });
  });
});

describe("a move", () => {
  const moved = { type: "beneficiary.moved", beneficiary, etablissement: "lycee-2" } as const;

  it("changes the établissement and nothing else of the account", () => {
    const account = { ...ACCOUNT, etablissement: "lycee-2" };
    expect(loadOn(moved)).toEqual({
      outcome: "applied",
      notes: [],
      writes: [{ type: "putAccount", account }],
    });
    expect(loadOn(moved, { account })).toEqual({ outcome: "unchanged", notes: [], writes: [] });
  });

  it("of nobody needs an order first", () => {
    expect(loadOn(moved, { account: null })).toEqual(refusal("UNKNOWN_SUBJECT", /card\.ordered/));
  });
});
