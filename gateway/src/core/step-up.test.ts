// The code secret after a tap above its ceiling: what it opens, what it uses up, and what it does not get around.

import { describe, expect, it } from "vitest";
import {
  aProof,
  type CaseOptions,
  grantOf,
  PROOF_REF,
  pinFacts,
  saleCase,
} from "../../../tests/support/builders.js";
import { decide, RULES } from "./decide.js";
import type { Facts } from "./facts.js";

const ABOVE_ITS_CEILING: CaseOptions = {
  avantage: "MANUELS_CREDIT",
  purchaseCents: 9_000,
  card: { generation: "2018" },
  grants: [grantOf("MANUELS_CREDIT", { amount: 10_000 })],
};

const tap = (change: CaseOptions = {}) =>
  saleCase({ ...ABOVE_ITS_CEILING, facts: { kind: "nfcIdentifier" }, ...change });

/** The second request: the tap's proof, and the code secret. */
const stepUp = (change: CaseOptions = {}, pin = pinFacts()) =>
  decide(
    saleCase({ ...ABOVE_ITS_CEILING, facts: { kind: "proof", pin }, proof: aProof(), ...change }),
  );

const typesOf = ({ effects }: ReturnType<typeof decide>) => effects.map(({ type }) => type);

describe("a tap above its ceiling", () => {
  it("is declined with a proof that the code secret can follow, and tells nothing of the holder", () => {
    const decided = decide(tap());
    expect(decided).toMatchObject({
      code: "PIN_REQUIRED",
      proofRef: PROOF_REF,
      credentialPassed: false,
      figures: {},
      avantages: [],
    });
    expect(typesOf(decided)).toEqual(["issueProof"]);
  });

  it("gave none under the rules of before", () => {
    for (const version of [2, 3]) {
      const decided = RULES.get(version)?.(tap());
      expect(decided).toMatchObject({ code: "PIN_REQUIRED", proofRef: null, effects: [] });
    }
  });

  it("is no nearer to an approval by its proof alone", () => {
    const again = decide(
      saleCase({ ...ABOVE_ITS_CEILING, facts: { kind: "proof" }, proof: aProof() }),
    );
    expect(again).toMatchObject({ code: "PIN_REQUIRED", proofRef: PROOF_REF });
    expect(typesOf(again)).toEqual(["consumeProof", "issueProof"]);
  });
});

describe("the code secret that follows", () => {
  it("approves the whole, and does not count it among what taps took", () => {
    const decided = stepUp();
    expect(decided).toMatchObject({ code: "APPROVED", approved: true, channel: "NFC" });
    expect(decided.effects).toContainEqual(expect.objectContaining({ type: "post", units: 9_000 }));
    expect(typesOf(decided)).not.toContain("noteTap");
    expect(typesOf(decided)).toEqual(expect.arrayContaining(["advanceKsn", "consumeProof"]));
  });

  it("uses a try where it is wrong, with the tries of every other channel", () => {
    const wrong = pinFacts({ matches: false });
    expect(stepUp({}, wrong)).toMatchObject({ code: "PIN_INCORRECT", proofRef: null });
    const last = { card: { generation: "2018", pinFailures: 2 } };
    const locked = stepUp(last, wrong);
    expect(locked.code).toBe("PIN_LOCKED");
    expect(locked.effects).toContainEqual(
      expect.objectContaining({ type: "setPinFailures", from: 2, to: 3 }),
    );
  });

  const stale: readonly (readonly [string, CaseOptions, Parameters<typeof stepUp>[1], string])[] = [
    [
      "a key serial number that was used",
      { terminal: { ksnCounter: 7 } },
      pinFacts(),
      "PIN_BLOCK_INVALID",
    ],
    [
      "a block that does not open",
      {},
      pinFacts({ opened: false, matches: false }),
      "PIN_BLOCK_INVALID",
    ],
    [
      "no code secret chosen",
      { card: { generation: "2018", pinSet: false } },
      pinFacts(),
      "PIN_NOT_SET",
    ],
    [
      "a locked code secret",
      { card: { generation: "2018", pinFailures: 3 } },
      pinFacts(),
      "PIN_LOCKED",
    ],
    [
      "a proof of another terminal",
      { proof: aProof({ terminalId: "terminal-2" }) },
      pinFacts(),
      "PROOF_EXPIRED",
    ],
    ["a proof that is over", { proof: aProof({ expiresAtMs: 0 }) }, pinFacts(), "PROOF_EXPIRED"],
    ["a proof that was used", { proof: aProof({ used: true }) }, pinFacts(), "PROOF_EXPIRED"],
    ["a proof of a scan", { proof: aProof({ channel: "QR" }) }, pinFacts(), "PROOF_EXPIRED"],
    [
      "a card that was lost since",
      { card: { generation: "2018", status: "LOST" } },
      pinFacts(),
      "CARD_LOST",
    ],
  ];
  it.each(stale)("is refused with %s", (_what, change, pin, code) => {
    const decided = stepUp(change, pin);
    expect(decided).toMatchObject({ code, approved: false, credentialPassed: false, figures: {} });
    expect(typesOf(decided)).not.toContain("post");
  });

  it("uses up its key serial number whatever becomes of it", () => {
    const facts: Facts = { kind: "proof", pin: pinFacts() };
    const decided = decide(saleCase({ ...ABOVE_ITS_CEILING, facts, proof: null, card: null }));
    expect(decided.code).toBe("PROOF_EXPIRED");
    expect(typesOf(decided)).toEqual(["advanceKsn"]);
  });
});
