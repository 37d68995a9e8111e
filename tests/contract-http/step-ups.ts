// What a terminal may rely on where a tap needs the code secret, whoever answers: the gateway or its double.

import { InquiryAnswerSchema, type PinBlock, PROOF_LIFETIME_MS } from "@pass-tpe/protocol";
import { stepUpNumber } from "@pass-tpe/protocol/standards";
import { describe, expect, test } from "vitest";
import { expectDecision, expectProblem } from "./expectations.js";
import { contractTill, type GatewayUnderTest } from "./till.js";

/** With a card of a generation that shows a mere identifier, and a holder who has 100 € and more. */
export interface StepUpGateway extends GatewayUnderTest {
  /** More than a tap of this card takes alone; and a part of it that one does take. */
  readonly aboveCeilingCents: number;
  readonly belowCeilingCents: number;
  /** The right code secret, and a wrong one. */
  readonly pins: { readonly right: string; readonly wrong: string };
  /** What the terminal's pad makes of a code secret for a number. */
  pinBlock(cardNumber: string, pin: string): PinBlock;
}

function stepUpTill(start: () => Promise<StepUpGateway>) {
  let gateway: StepUpGateway | null = null;
  const till = contractTill(async () => {
    gateway = await start();
    return gateway;
  });
  const stepUpGateway = () => {
    if (gateway === null) throw new Error("the gateway under test is started before the tests");
    return gateway;
  };
  const { sale, decided } = till;

  /** A tap above its card's ceiling, and the reference that its answer gave. */
  async function tapAboveCeiling() {
    const request = sale({ purchaseCents: stepUpGateway().aboveCeilingCents });
    const { proofRef = "", ...declined } = await decided(request);
    return { request, declined, proofRef };
  }

  function pinBlockFor(proofRef: string, pin = stepUpGateway().pins.right): PinBlock {
    return stepUpGateway().pinBlock(stepUpNumber(proofRef), pin);
  }

  /** The request that follows: as the tap's, with the code secret. */
  function stepUp(
    tap: { readonly request: ReturnType<typeof sale>; readonly proofRef: string },
    pinBlock = pinBlockFor(tap.proofRef),
  ) {
    const { request, proofRef } = tap;
    const { avantage, purchaseCents = 0 } = request;
    const evidence = { type: "proofRef", proofRef, pinBlock } as const;
    return sale({ avantage, purchaseCents, evidence, stepUpOf: request.id });
  }

  return { ...till, stepUpGateway, tapAboveCeiling, pinBlockFor, stepUp };
}

/** Declares the suite under a name. `start` is called once. */
export function describeStepUps(name: string, start: () => Promise<StepUpGateway>): void {
  describe(`${name} keeps the contract of step-ups`, () => {
    const till = stepUpTill(start);
    const { newId, sale, decided, authorize, post, leftCents, reverse } = till;
    const { stepUpGateway, tapAboveCeiling, pinBlockFor, stepUp } = till;

    test("a tap above its card's ceiling is declined, with a reference, and says nothing of the holder", async () => {
      const before = await leftCents();
      const { declined, proofRef } = await tapAboveCeiling();
      expect(declined).toMatchObject({ outcome: "declined", code: "PIN_REQUIRED", retry: "NOW" });
      expect(proofRef).toMatch(/^[A-Za-z0-9_-]{22}$/);
      for (const field of ["holder", "usableHere", "available", "remaining"]) {
        expect(declined).not.toHaveProperty(field);
      }
      expect(await leftCents()).toBe(before);
    });

    test("its code secret approves it, as one sale, and the tap stays declined", async () => {
      const before = await leftCents();
      const tap = await tapAboveCeiling();
      const request = stepUp(tap);
      const approved = await decided(request);
      expect(approved).toMatchObject({
        code: "APPROVED",
        amountCents: stepUpGateway().aboveCeilingCents,
        receipt: { channel: "NFC" },
      });
      expect(await decided(request)).toEqual(approved);
      expect(await leftCents()).toBe(before - stepUpGateway().aboveCeilingCents);
      expect((await till.statusOf(tap.request.id)).body).toMatchObject({ state: "declined" });
      await reverse(request.id);
      expect(await leftCents()).toBe(before);
    });

    test("its reference alone is as much worth as the tap", async () => {
      const tap = await tapAboveCeiling();
      const { aboveCeilingCents, belowCeilingCents } = stepUpGateway();
      const evidence = { type: "proofRef", proofRef: tap.proofRef } as const;
      const again = await decided(sale({ evidence, purchaseCents: aboveCeilingCents }));
      expect(again).toMatchObject({ code: "PIN_REQUIRED" });
      expect(again.proofRef).not.toBe(tap.proofRef);
      const below = { type: "proofRef", proofRef: again.proofRef ?? "" } as const;
      const taken = sale({ evidence: below, purchaseCents: belowCeilingCents });
      expect(await decided(taken)).toMatchObject({ code: "APPROVED" });
      await reverse(taken.id);
    });

    test("its reference serves one code secret", async () => {
      const tap = await tapAboveCeiling();
      const first = stepUp(tap);
      expect(await decided(first)).toMatchObject({ code: "APPROVED" });
      expect(await decided(stepUp(tap))).toMatchObject({ code: "PROOF_EXPIRED" });
      await reverse(first.id);
    });

    test("a reference that comes of another ends with the tap's minute", async () => {
      const inquired = await post("/v1/inquiries", {
        id: newId(),
        evidence: till.gateway().freshNfcEvidence(),
      });
      const answered = InquiryAnswerSchema.parse(expectDecision(inquired));
      const { proofRef = "", proofExpiresAtMs, decidedAtMs } = answered;
      expect(proofExpiresAtMs).toBe(decidedAtMs + PROOF_LIFETIME_MS);
      till.gateway().letPass(PROOF_LIFETIME_MS / 2);
      const evidence = { type: "proofRef", proofRef } as const;
      const { aboveCeilingCents } = stepUpGateway();
      const declined = await decided(sale({ evidence, purchaseCents: aboveCeilingCents }));
      expect(declined).toMatchObject({ code: "PIN_REQUIRED", proofExpiresAtMs });
    });

    test("a code secret beside a wrong amount uses its reference, and leaves no other", async () => {
      const tap = await tapAboveCeiling();
      const refused = await decided({ ...stepUp(tap), purchaseCents: 0 });
      expect(refused).toMatchObject({ outcome: "declined", code: "AMOUNT_INVALID" });
      expect(refused).not.toHaveProperty("proofRef");
      expect(await decided(stepUp(tap))).toMatchObject({ code: "PROOF_EXPIRED" });
    });

    test("its reference serves for a minute", async () => {
      const tap = await tapAboveCeiling();
      till.gateway().letPass(PROOF_LIFETIME_MS);
      expect(await decided(stepUp(tap))).toMatchObject({ code: "PROOF_EXPIRED" });
    });

    describe("a code secret is no request", () => {
      const pinBlock = () => pinBlockFor("A".repeat(22));
      const proof = () => ({ type: "proofRef", proofRef: "A".repeat(22), pinBlock: pinBlock() });
      const tap = () => till.gateway().freshNfcEvidence();

      test.each<[string, () => object, string]>([
        ["beside a tap", () => ({ evidence: { ...tap(), pinBlock: pinBlock() } }), "/evidence"],
        ["with a reference that follows nothing", () => ({ evidence: proof() }), "/stepUpOf"],
        [
          "where a tap alone says that it follows one",
          () => ({ evidence: tap(), stepUpOf: newId() }),
          "/stepUpOf",
        ],
        [
          "where a reference alone says so",
          () => ({ evidence: { ...proof(), pinBlock: undefined }, stepUpOf: newId() }),
          "/stepUpOf",
        ],
      ])("%s", async (_what, fields, pointer) => {
        const refused = await authorize({ ...sale(), ...fields() });
        const problem = expectProblem(refused, { status: 400, code: "FORMAT_ERROR" });
        expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
      });

      test("in an inquiry", async () => {
        const refused = await post("/v1/inquiries", { id: newId(), evidence: proof() });
        const problem = expectProblem(refused, { status: 400, code: "FORMAT_ERROR" });
        expect(problem.errors?.map((error) => error.pointer)).toContain("/evidence/pinBlock");
      });
    });
  });
}

/** What a gateway does that opens PIN blocks, as its double does not. */
export function describeStepUpPins(name: string, start: () => Promise<StepUpGateway>): void {
  describe(`${name} opens the code secret of a step-up`, () => {
    const till = stepUpTill(start);
    const { decided, stepUpGateway, tapAboveCeiling, pinBlockFor, stepUp } = till;

    test("and declines a wrong one, which uses the reference and a try", async () => {
      const tap = await tapAboveCeiling();
      const { right, wrong } = stepUpGateway().pins;
      const declined = await decided(stepUp(tap, pinBlockFor(tap.proofRef, wrong)));
      expect(declined).toMatchObject({ code: "PIN_INCORRECT", retry: "NOW" });
      expect(declined).not.toHaveProperty("proofRef");
      const late = await decided(stepUp(tap, pinBlockFor(tap.proofRef, right)));
      expect(late).toMatchObject({ code: "PROOF_EXPIRED" });
      const next = await tapAboveCeiling();
      const again = await decided(stepUp(next, pinBlockFor(next.proofRef, wrong)));
      // The wire does not tell the second error from the first by its code, but by its texts.
      expect(again.display).not.toEqual(declined.display);
    });

    test("and no block that was made for another tap", async () => {
      const [tap, other] = [await tapAboveCeiling(), await tapAboveCeiling()];
      const declined = await decided(stepUp(tap, pinBlockFor(other.proofRef)));
      expect(declined).toMatchObject({ code: "PIN_BLOCK_INVALID" });
    });

    test("and no block twice", async () => {
      const [tap, other] = [await tapAboveCeiling(), await tapAboveCeiling()];
      const pinBlock = pinBlockFor(tap.proofRef);
      expect(await decided(stepUp(tap, pinBlock))).toMatchObject({ code: "APPROVED" });
      const replayed = await decided(stepUp(other, pinBlock));
      expect(replayed).toMatchObject({ code: "PIN_BLOCK_INVALID" });
    });
  });
}
