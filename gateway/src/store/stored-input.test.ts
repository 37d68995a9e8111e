// What is stored of a decision is enough to make it again, says nothing that it must not, and is read in every form.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { randomCase } from "../../../tests/corpus/random-cases.js";
import { saleCase } from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { decide } from "../core/decide.js";
import type { Effect } from "../core/decision.js";
import { lookedAt, parseStoredInput, storedInput } from "./stored-input.js";

const cases = randomCase(TEST_PROGRAMME);

/** Effects as they are compared: references are not kept. */
const bare = (effects: readonly Effect[]) =>
  effects.map((effect) => ("ref" in effect ? { ...effect, ref: "" } : effect));

describe("a stored input", () => {
  it("decides the same again, in code, figures, effects and what else is answered", () => {
    fc.assert(
      fc.property(cases, (input) => {
        const decided = decide(input);
        const { request, facts, nowMs, day, programme } = input;
        const snapshot = lookedAt(request, input.snapshot, decided);
        const read = parseStoredInput(storedInput({ request, facts, snapshot, nowMs, day }));
        const again = decide({ ...read, programme });
        expect({ ...again, effects: bare(again.effects), proofRef: null }).toEqual({
          ...decided,
          effects: bare(decided.effects),
          proofRef: null,
        });
        expect(again.proofRef === null).toBe(decided.proofRef === null);
      }),
      { numRuns: 1_000 },
    );
  });

  it("is read as it was stored, but for the holder's name and references to proofs", () => {
    fc.assert(
      fc.property(cases, ({ request, facts, snapshot, nowMs, day }) => {
        const { account, proof } = snapshot;
        expect(parseStoredInput(storedInput({ request, facts, snapshot, nowMs, day }))).toEqual({
          request: { ...request, proofRef: "" },
          facts,
          snapshot: {
            ...snapshot,
            account: account && { ...account, holder: "" },
            proof: proof && { ...proof, ref: "" },
          },
          nowMs,
          day,
        });
      }),
    );
  });

  it("of a sale that was approved has the grants of its own avantage alone", () => {
    const { request, snapshot } = saleCase({});
    const [own] = snapshot.grants;
    if (!own) throw new Error("the case has a grant");
    const both = { ...snapshot, grants: [own, { ...own, id: "other", avantage: "another" }] };
    expect(lookedAt(request, both, { approved: true }).grants).toEqual([own]);
    expect(lookedAt(request, both, { approved: false })).toEqual(both);
  });

  it("of the first form, an object with the names of all fields, is read as well", () => {
    const { request, facts, snapshot, nowMs, day } = saleCase({});
    const { holds: _, ...beforeHolds } = snapshot;
    const { capture: __, ...beforeCaptures } = request;
    const text = JSON.stringify({
      ...{ request: beforeCaptures, facts, snapshot: beforeHolds, nowMs, day },
    });
    expect(parseStoredInput(text)).toEqual({
      request: { ...beforeCaptures, capture: true },
      facts,
      snapshot: { ...snapshot, holds: [] },
      nowMs,
      day,
    });
  });

  it.each(["", "null", "7", "{}", "[]", "[3]", "[2]", "[2,[]]", '{"request":{}}'])(
    "that is none is refused: %s",
    (text) => {
      expect(() => parseStoredInput(text)).toThrow();
    },
  );
});
