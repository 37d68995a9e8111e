// The order of evaluation: of two failures that apply, the earlier one answers, for every pair of neighbouring stages.

import { precedenceOf } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import {
  BEFORE_ANY_CARD,
  type Fault,
  OF_THE_CREDENTIAL,
  OF_THE_RIGHTS,
  type Presentation,
  STAGES,
  type Stage,
  saleWith,
} from "../../../tests/support/sale-faults.js";
import { authorize } from "./authorize.js";

/** Two neighbouring stages: what is wrong for each on one presentation, or why both cannot be. */
type Pair =
  | { readonly by: Presentation; readonly earlier: Fault; readonly later: Fault }
  | { readonly stages: readonly [Stage, Stage]; readonly neverBoth: string };

const {
  unknownAvantage,
  late,
  revokedTerminal,
  unknownPartner,
  suspendedPartner,
  noConvention,
  noAgrement,
  otherChannel,
  noAmount,
  overLimit,
  noQuantity,
  group,
} = BEFORE_ANY_CARD;
const {
  falseCode,
  falseMessage,
  unknownCard,
  lostCard,
  noPin,
  closedBlock,
  pinNeverSet,
  lockedPin,
  wrongPin,
} = OF_THE_CREDENTIAL;
const {
  notValidated,
  notGranted,
  tooOld,
  suspended,
  notOpen,
  used,
  tooLittle,
  aboveCeiling,
  tooOften,
} = OF_THE_RIGHTS;

const PAIRS: readonly Pair[] = [
  { by: "nfc", earlier: unknownAvantage, later: late },
  { by: "nfc", earlier: late, later: revokedTerminal },
  { by: "nfc", earlier: revokedTerminal, later: unknownPartner },
  {
    stages: ["partner unknown", "partner suspended"],
    neverBoth: "A partner that is not known has no status.",
  },
  { by: "nfc", earlier: suspendedPartner, later: noConvention },
  { by: "nfc", earlier: noConvention, later: noAgrement },
  { by: "nfc", earlier: noAgrement, later: otherChannel },
  { by: "nfc", earlier: otherChannel, later: noAmount },
  { by: "nfc", earlier: noAmount, later: overLimit },
  { by: "nfc", earlier: overLimit, later: noQuantity },
  {
    stages: ["quantity", "collective use"],
    neverBoth: "One number: below one it is no quantity, above one it is a group.",
  },
  { by: "qr", earlier: group, later: falseCode },
  { by: "qr", earlier: falseCode, later: unknownCard },
  {
    stages: ["card unknown", "card status"],
    neverBoth: "A card that is not known has no status.",
  },
  { by: "qr", earlier: lostCard, later: noPin },
  {
    stages: ["PIN presence", "KSN and block"],
    neverBoth: "Without a PIN there is neither serial number nor block.",
  },
  { by: "qr", earlier: closedBlock, later: pinNeverSet },
  { by: "qr", earlier: pinNeverSet, later: lockedPin },
  { by: "qr", earlier: lockedPin, later: wrongPin },
  { by: "qr", earlier: wrongPin, later: notValidated },
  { by: "qr", earlier: notValidated, later: notGranted },
  {
    stages: ["not granted", "age"],
    neverBoth: "The age is asked of a grant: whoever has none is asked for none.",
  },
  { by: "qr", earlier: tooOld, later: suspended },
  { by: "qr", earlier: suspended, later: notOpen },
  { by: "qr", earlier: notOpen, later: used },
  { by: "identifier", earlier: used, later: aboveCeiling },
  { by: "identifier", earlier: aboveCeiling, later: tooLittle },
  { by: "qr", earlier: tooLittle, later: tooOften },
];

const codeOf = (by: Presentation, ...faults: readonly Fault[]) =>
  authorize(saleWith(by, ...faults)).code;

const stagesOf = (pair: Pair) =>
  "neverBoth" in pair ? pair.stages : ([pair.earlier.stage, pair.later.stage] as const);

describe("two neighbouring stages", () => {
  const pairs = PAIRS.flatMap((pair) => ("neverBoth" in pair ? [] : [pair]));

  it.each(pairs)("with $earlier.what and $later.what: $earlier.code", ({ by, earlier, later }) => {
    expect(codeOf(by, earlier, later)).toBe(earlier.code);
  });

  it.each(pairs)("of which $later.what is wrong alone: $later.code", ({ by, later }) => {
    expect(codeOf(by, later)).toBe(later.code);
  });

  it("are all in the table, each pair once", () => {
    const neighbours = STAGES.slice(1).map((later, index) => [STAGES[index], later]);
    expect(PAIRS.map(stagesOf)).toEqual(neighbours);
  });
});

const before = Object.values(BEFORE_ANY_CARD);
const rights: readonly Fault[] = Object.values(OF_THE_RIGHTS).filter(
  (fault) => fault !== aboveCeiling,
);
const CHAINS: readonly { readonly by: Presentation; readonly chain: readonly Fault[] }[] = [
  {
    by: "qr",
    chain: [
      ...before,
      falseCode,
      unknownCard,
      lostCard,
      noPin,
      closedBlock,
      pinNeverSet,
      lockedPin,
      wrongPin,
      ...rights,
    ],
  },
  { by: "nfc", chain: [...before, falseMessage, unknownCard, lostCard, pinNeverSet, ...rights] },
];

describe.each(CHAINS)("the order by $by", ({ by, chain }) => {
  it("approves where nothing is wrong", () => {
    expect(codeOf(by)).toBe("APPROVED");
  });

  it.each(chain)("answers $code to $what alone", (fault) => {
    expect(codeOf(by, fault)).toBe(fault.code);
  });

  it("is the order of the published list", () => {
    const places = chain.map(({ code }) => precedenceOf(code));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  it.each(chain.slice(0, -rights.length))("answers $code whatever else is wrong", (earlier) => {
    const after = chain.slice(chain.indexOf(earlier) + 1);
    for (const later of after) {
      expect(codeOf(by, earlier, later), later.what).toBe(earlier.code);
    }
    expect(codeOf(by, earlier, ...after)).toBe(earlier.code);
  });
});
