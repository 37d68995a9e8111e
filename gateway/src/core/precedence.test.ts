// The order of evaluation: of two failures that apply, the earlier one answers, and nothing leaks before its turn.

import { type OutcomeCode, precedenceOf } from "@pass-tpe/protocol";
import { describe, expect, it } from "vitest";
import {
  type CaseOptions,
  grantOf,
  nfcFacts,
  pinFacts,
  programmeWith,
  qrFacts,
  ruleOf,
  saleCase,
} from "../../../tests/support/builders.js";
import { authorizationAnswer } from "./answers.js";
import { authorize } from "./authorize.js";
import type { Facts, PinFacts } from "./facts.js";
import type { Card } from "./model.js";

/** What is wrong with a sale: a patch on a case that has everything in order. Null is stronger than any change. */
interface Failure {
  readonly code: OutcomeCode;
  readonly options?: CaseOptions;
  readonly card?: Partial<Card> | null;
  readonly token?: Extract<Facts, { kind: "qr" }>["token"];
  readonly genuine?: boolean;
  readonly pin?: Partial<PinFacts> | null;
}

type Patch<T> = Partial<T> | null;

function both<T>(a: Patch<T> | undefined, b: Patch<T> | undefined): Patch<T> {
  return a === null || b === null ? null : { ...a, ...b };
}

const BEFORE_ANY_CARD: readonly Failure[] = [
  { code: "OPERATION_NOT_SUPPORTED", options: { avantage: "INCONNU" } },
  { code: "DEADLINE_PASSED", options: { waitedMs: 4000 } },
  { code: "TERMINAL_NOT_AUTHORISED", options: { terminal: { status: "revoked" } } },
  { code: "PARTNER_UNKNOWN", options: { partner: null } },
  { code: "PARTNER_SUSPENDED", options: { partner: { status: "suspended" } } },
  { code: "CONVENTION_NOT_IN_FORCE", options: { partner: { conventions: [] } } },
  { code: "AVANTAGE_NOT_ACCEPTED_HERE", options: { partner: { agrements: [] } } },
  {
    code: "CHANNEL_NOT_ALLOWED",
    options: { programme: programmeWith({ rules: [ruleOf("SPECTACLE", { channels: ["WEB"] })] }) },
  },
  { code: "AMOUNT_INVALID", options: { purchaseCents: 0 } },
  { code: "QUANTITY_INVALID", options: { quantity: 2 } },
];

const BY_CODE: readonly Failure[] = [
  { code: "QR_INVALID", token: "wrongSignature" },
  { code: "CARD_UNKNOWN", card: null },
  { code: "CARD_LOST", card: { status: "LOST" } },
  { code: "PIN_REQUIRED", pin: null },
  { code: "PIN_BLOCK_INVALID", pin: { opened: false } },
  { code: "PIN_NOT_SET", card: { pinSet: false } },
  { code: "PIN_LOCKED", card: { pinFailures: 3 } },
  { code: "PIN_INCORRECT", pin: { matches: false } },
];

const BY_TAP: readonly Failure[] = [
  { code: "CARD_NOT_GENUINE", genuine: false },
  { code: "CARD_UNKNOWN", card: null },
  { code: "CARD_BLOCKED", card: { status: "BLOCKED" } },
  { code: "PIN_NOT_SET", card: { pinSet: false } },
];

const RIGHTS: readonly Failure[] = [
  { code: "BENEFICIARY_NOT_VALIDATED", options: { grants: [] } },
  { code: "AVANTAGE_NOT_GRANTED", options: { grants: [grantOf("CINEMA")] } },
  { code: "BALANCE_EXHAUSTED", options: { grants: [grantOf("SPECTACLE", { spent: 3000 })] } },
  {
    code: "INSUFFICIENT_BALANCE",
    options: { exact: true, grants: [grantOf("SPECTACLE", { amount: 999 })] },
  },
];

type Presentation = "nfc" | "qr";

function caseOf(presentation: Presentation, failures: readonly Failure[]) {
  let options: CaseOptions = {};
  for (const { options: one = {} } of failures) {
    options = { ...options, ...one, partner: both(options.partner, one.partner) };
  }
  const card = failures.reduce<Patch<Card>>((sum, one) => both(sum, one.card), {});
  const pinPatch = failures.reduce<Patch<PinFacts>>((sum, one) => both(sum, one.pin), {});
  const token = failures.find((one) => one.token)?.token ?? "valid";
  const genuine = failures.every((one) => one.genuine ?? true);
  const pin = pinPatch === null ? null : pinFacts(pinPatch);
  const facts = presentation === "qr" ? qrFacts({ token, pin }) : nfcFacts({ genuine });
  return saleCase({ ...options, card, facts });
}

const codeOf = (presentation: Presentation, ...failures: readonly Failure[]) =>
  authorize(caseOf(presentation, failures)).code;

const CHAINS = { qr: [...BEFORE_ANY_CARD, ...BY_CODE], nfc: [...BEFORE_ANY_CARD, ...BY_TAP] };

const PRESENTATIONS = [
  { presentation: "qr", chain: CHAINS.qr },
  { presentation: "nfc", chain: CHAINS.nfc },
] as const;

describe.each(PRESENTATIONS)("the order on $presentation", ({ presentation, chain }) => {
  it("approves where nothing is wrong", () => {
    expect(codeOf(presentation)).toBe("APPROVED");
  });

  it.each([...chain, ...RIGHTS])("answers $code where nothing else is wrong", (failure) => {
    expect(codeOf(presentation, failure)).toBe(failure.code);
  });

  it("is the order of the published list", () => {
    const places = [...chain, ...RIGHTS].map(({ code }) => precedenceOf(code));
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });

  const neighbours = chain.slice(1).map((later, index) => {
    const earlier = chain[index];
    return { earlier, later, title: `${earlier?.code} before ${later.code}` };
  });
  it.each(neighbours)("$title", ({ earlier, later }) => {
    if (!earlier) throw new Error("every pair has two members");
    expect(codeOf(presentation, earlier, later)).toBe(earlier.code);
  });

  it.each(chain)("$code before everything that comes after it", (earlier) => {
    const after = [...chain.slice(chain.indexOf(earlier) + 1), ...RIGHTS];
    for (const later of after) {
      expect(codeOf(presentation, earlier, later), later.code).toBe(earlier.code);
    }
    expect(codeOf(presentation, earlier, ...after)).toBe(earlier.code);
  });
});

describe.each(PRESENTATIONS)(
  "before the credential on $presentation",
  ({ presentation, chain }) => {
    it.each(chain)("$code says nothing of the holder, whatever the rights", (failure) => {
      const answers = [{}, ...RIGHTS.map(({ options }) => options ?? {})].map((options) => {
        const { exact: _, ...rights } = options;
        const input = caseOf(presentation, [{ code: failure.code, options: rights }, failure]);
        const decided = authorize(input);
        return { decided, answer: authorizationAnswer(input.request, decided, input) };
      });
      for (const { answer, decided } of answers) {
        expect(decided.credentialPassed).toBe(false);
        expect(answer).not.toHaveProperty("holder");
        expect(answer).not.toHaveProperty("available");
        expect(answer).not.toHaveProperty("remaining");
        expect(answer).not.toHaveProperty("receipt");
        expect(answer).toEqual(answers[0]?.answer);
      }
    });

    it("says who holds the card once the credential has passed, even where the rights are missing", () => {
      const input = caseOf(presentation, [
        { code: "BENEFICIARY_NOT_VALIDATED", options: { grants: [] } },
      ]);
      const answer = authorizationAnswer(input.request, authorize(input), input);
      expect(answer.holder).toBe("Camille D.");
    });
  },
);

describe("a till", () => {
  it.each([
    ["LOST", "CARD_REFUSED"],
    ["STOLEN", "CARD_REFUSED"],
    ["BLOCKED", "CARD_REFUSED"],
    ["REPLACED", "CARD_EXPIRED"],
    ["EXPIRED", "CARD_EXPIRED"],
    ["ORDERED", "CARD_NOT_ACTIVE"],
  ] as const)(
    "gets for a card that is %s the public code %s, never a pick-up code",
    (status, code) => {
      const input = saleCase({ card: { status } });
      const answer = authorizationAnswer(input.request, authorize(input), input);
      expect(answer.code).toBe(code);
      expect(["04", "07", "41", "43"]).not.toContain(answer.iso39);
    },
  );

  it("cannot tell a right that was never given from one that is suspended", () => {
    const input = saleCase({ grants: [grantOf("CINEMA")] });
    const answer = authorizationAnswer(input.request, authorize(input), input);
    expect(answer.code).toBe("AVANTAGE_UNAVAILABLE");
    expect(JSON.stringify(answer)).not.toContain("NOT_GRANTED");
  });
});
