// What holds for every decision: nothing is ever overspent, and equal input gives an equal decision.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  aProof,
  type CaseOptions,
  grantOf,
  inquiryCase,
  NOW_MS,
  nfcFacts,
  pinFacts,
  qrFacts,
  ruleOf,
  saleCase,
} from "../../../tests/support/builders.js";
import { TEST_PROGRAMME } from "../../../tests/support/programme.js";
import { printedSeed } from "../../../tests/support/random.js";
import { parseStoredInput, storedInput } from "../store/stored-input.js";
import { authorizationAnswer, inquiryAnswer } from "./answers.js";
import type { DecideInput } from "./attempt.js";
import { decide } from "./decide.js";
import type { Effect, Request } from "./decision.js";
import { availableUnits } from "./grants.js";
import type { Grant } from "./model.js";
import { windowState } from "./windows.js";

const CODES = ["SPECTACLE", "CINEMA", "LICENCE", "MUSEE", "SANTE_COUPON", "PERMIS_B"] as const;
const code = fc.constantFrom(...CODES);
const DAY_MS = 86_400_000;

/** Small amounts, so that grants run out; now and then what no till should send. */
const cents = fc.oneof(fc.integer({ min: -1, max: 900 }), fc.constantFrom(null, 0.5, 2 ** 53));
const count = fc.oneof(fc.integer({ min: -1, max: 4 }), fc.constant(null));

const sale = fc.record({
  avantage: code,
  purchaseCents: cents,
  quantity: count,
  exact: fc.boolean(),
});

const grant = fc
  .record({
    avantage: code,
    amount: fc.nat({ max: 1000 }),
    fromDays: fc.integer({ min: -20, max: 5 }),
    days: fc.integer({ min: 1, max: 20 }),
    rank: fc.nat(),
    revoked: fc.boolean(),
    supplement: fc.constantFrom(null, { amount: 300, partnerFlag: "combatSport" }),
  })
  .map(({ avantage, amount, fromDays, days, rank, supplement, ...change }): Grant => {
    const fromMs = NOW_MS + fromDays * DAY_MS;
    const window = {
      fromMs,
      toMs: fromMs + days * DAY_MS,
      firstDay: "2023-01-01",
      lastDay: "2023-12-31",
    };
    const { unit, family } = ruleOf(avantage);
    const counted = unit === "RECORD" || unit === "UNLIMITED" ? 0 : amount;
    const campaign = family === null ? null : "2022/2023";
    const id = `${avantage}-${rank}`;
    const more = unit === "EUR_CENT" ? supplement : null;
    return grantOf(avantage, {
      ...change,
      id,
      campaign,
      window,
      amount: counted,
      supplement: more,
    });
  });
const grants = fc.uniqueArray(grant, { maxLength: 6, selector: ({ id }) => id });

/** At a partner that gives the supplement, or at one that does not. */
const placedSale = fc
  .tuple(sale, fc.constantFrom(["combatSport"], []))
  .map(([asked, flags]) => ({ ...asked, partner: { flags } }));
const suspended = fc.subarray([...CODES]);

function applied(grants: readonly Grant[], effects: readonly Effect[]): readonly Grant[] {
  const posted = effects.find((effect) => effect.type === "post");
  if (!posted) return grants;
  return grants.map((it) =>
    it.id === posted.grantId ? { ...it, spent: it.spent + posted.units } : it,
  );
}

describe("over any sequence of sales", () => {
  it("a debit is never above what is available, and spent never above the amount", () => {
    fc.assert(
      fc.property(
        grants,
        fc.array(placedSale, { maxLength: 20 }),
        suspended,
        (loaded, sales, avantages) => {
          let held: readonly Grant[] = loaded;
          const suspensions = [{ id: "s-1", campaign: "2022/2023", avantages }];
          for (const one of sales) {
            const decided = decide(saleCase({ ...one, grants: held, suspensions }));
            for (const effect of decided.effects) {
              if (effect.type !== "post") continue;
              const drawn = held.find(({ id }) => id === effect.grantId);
              expect(drawn).toBeDefined();
              if (!drawn) return;
              expect(effect.units).toBeGreaterThan(0);
              expect(Number.isSafeInteger(effect.units)).toBe(true);
              expect(effect.units).toBeLessThanOrEqual(
                availableUnits(ruleOf(drawn.avantage), drawn, one.partner, 0),
              );
              expect(effect.units).toBeLessThanOrEqual(
                (drawn.unit === "EUR_CENT" ? one.purchaseCents : one.quantity) ?? 0,
              );
              expect(windowState(drawn.window, NOW_MS)).toBe("open");
              expect(drawn.revoked).toBe(false);
              expect(avantages).not.toContain(drawn.avantage);
            }
            held = applied(held, decided.effects);
            for (const { spent, amount, supplement } of held) {
              expect(spent).toBeLessThanOrEqual(amount + (supplement?.amount ?? 0));
            }
          }
        },
      ),
      printedSeed("never overspent", 300),
    );
  });

  it("what is taken, what is collected and the purchase add up", () => {
    fc.assert(
      fc.property(grants, sale, (held, one) => {
        const { approved, figures } = decide(saleCase({ ...one, grants: held }));
        if (!approved || ruleOf(one.avantage).unit !== "EUR_CENT") return;
        expect((figures.amountCents ?? 0) + (figures.collectCents ?? 0)).toBe(one.purchaseCents);
      }),
      printedSeed("taken and collected", 500),
    );
  });
});

const facts = fc.oneof(
  fc.record({ genuine: fc.boolean(), counter: fc.nat({ max: 20 }) }).map(nfcFacts),
  fc
    .record({ counter: fc.nat({ max: 9 }), opened: fc.boolean(), matches: fc.boolean() })
    .map((pin) => qrFacts({ pin: pinFacts(pin) })),
  fc.constant({ kind: "proof" } as const),
  fc.constant({ kind: "nfcIdentifier" } as const),
  fc.constant(qrFacts({ tokenKind: "number", keyId: null })),
);
const options: fc.Arbitrary<CaseOptions> = fc
  .record({
    sale,
    grants,
    facts,
    status: fc.constantFrom("ACTIVE", "LOST", "ORDERED"),
    pinFailures: fc.nat({ max: 3 }),
    pinSet: fc.boolean(),
    lastDecisionAtMs: fc.constantFrom(0, NOW_MS),
    generation: fc.constantFrom("2022", "2018"),
    suspensions: suspended.map((avantages) => [{ id: "s-1", campaign: "2022/2023", avantages }]),
    visits: fc.constantFrom([], [{ avantage: "MUSEE", atMs: NOW_MS - 1 }]),
    proof: fc.constantFrom(null, aProof(), aProof({ used: true })),
  })
  .map(({ sale: asked, status, pinFailures, pinSet, generation, lastDecisionAtMs, ...rest }) => ({
    ...asked,
    ...rest,
    card: { status, pinFailures, pinSet, generation },
    account: { lastDecisionAtMs },
  }));

/** References to proofs are drawn or presented, never decided upon, and not stored. */
function withoutReferences(input: DecideInput<Request>): DecideInput<Request> {
  const { request, snapshot } = input;
  const proof = snapshot.proof && { ...snapshot.proof, ref: "" };
  return { ...input, request: { ...request, proofRef: "" }, snapshot: { ...snapshot, proof } };
}

describe("a decision made again", () => {
  const inputs = fc.oneof(options.map(saleCase), options.map(inquiryCase));

  it("comes out the same, from its stored input too, and changes nothing that it was given", () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const stored = storedInput(input);
        const decided = decide(input);
        expect(decide(input)).toEqual(decided);
        expect(storedInput(input)).toBe(stored);
        const again = decide({ ...parseStoredInput(stored), programme: TEST_PROGRAMME });
        expect(again).toEqual(decide(withoutReferences(input)));
      }),
      printedSeed("decided again", 500),
    );
  });

  it("can always be put into words", () => {
    fc.assert(
      fc.property(inputs, ({ request, ...input }) => {
        const decided = decide({ ...input, request });
        const answer =
          request.kind === "authorization"
            ? authorizationAnswer(request, decided, input)
            : inquiryAnswer(request.id, decided, input);
        for (const line of answer.display) expect(line).toMatch(/^[\x20-\x5f]{0,32}$/);
        expect(answer.outcome).toBe(decided.approved ? "approved" : "declined");
      }),
      printedSeed("put into words", 500),
    );
  });

  it("is stored without the holder's name and without a reference that stands for the card", () => {
    const input = saleCase();
    expect(storedInput(input)).not.toContain(input.snapshot.account?.holder);
    expect(storedInput(input)).not.toContain(input.request.proofRef);
  });

  it("refuses an input that was damaged", () => {
    expect(() => parseStoredInput("{}")).toThrow(SyntaxError);
  });
});
