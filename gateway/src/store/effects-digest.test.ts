// The digest of effects is the one that every stored decision was given: over JSON with sorted keys, without references.

import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, it } from "vitest";
import { randomCase } from "../../../tests/corpus/random-cases.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { canonicalJson } from "../core/canonical-json.js";
import { decide } from "../core/decide.js";
import type { Effect } from "../core/decision.js";
import { effectsDigest } from "./effects-digest.js";

const hexOf = (effects: readonly Effect[]) => Buffer.from(effectsDigest(effects)).toString("hex");

it("is what it always was", () => {
  const effects: readonly Effect[] = [
    { type: "advanceCardCounter", cardId: "card-é", from: 1, to: 2 },
    { type: "noteTap", cardId: 'card "0"', from: null, to: { day: "2022-10-01", cents: 1_000 } },
    { type: "consumeProof", ref: "drawn at random" },
  ];
  const text =
    '[{"cardId":"card-é","from":1,"to":2,"type":"advanceCardCounter"},' +
    '{"cardId":"card \\"0\\"","from":null,"to":{"cents":1000,"day":"2022-10-01"},"type":"noteTap"},' +
    '{"ref":"","type":"consumeProof"}]';
  expect(hexOf(effects)).toBe(createHash("sha256").update(text).digest("hex"));
});

it("is over canonical JSON, whatever was decided", () => {
  fc.assert(
    fc.property(randomCase(TEST_PROGRAMME), (input) => {
      const { effects } = decide(input);
      const bare = effects.map((effect) => ("ref" in effect ? { ...effect, ref: "" } : effect));
      const text = canonicalJson(bare);
      expect(hexOf(effects)).toBe(createHash("sha256").update(text).digest("hex"));
    }),
  );
});

it("does not depend on the order in which an effect's fields were written", () => {
  const one: Effect = { type: "post", grantId: "g", units: 1, spentBefore: 2 };
  const other: Effect = { units: 1, spentBefore: 2, grantId: "g", type: "post" };
  expect(hexOf([one])).toBe(hexOf([other]));
});
