// What a terminal may rely on, whoever answers: one suite for the gateway and for its double.

import {
  BODY_BYTES_MAX,
  InquiryAnswerSchema,
  ReversalAnswerSchema,
  StatusAnswerSchema,
  TerminalProfileSchema,
} from "@pass-tpe/protocol";
import { describe, expect, test } from "vitest";
import { expectDecision, expectProblem } from "./expectations.js";
import { contractTill, type GatewayUnderTest } from "./till.js";

/** More than any holder has. */
const TOO_MUCH_CENTS = 90_000;

/** Declares the suite under a name. `start` is called once. */
export function describeGateway(name: string, start: () => Promise<GatewayUnderTest>): void {
  describe(`${name} keeps the contract`, () => {
    const till = contractTill(start);
    const { newId, sale, post, authorize, decided, reverse, statusOf, leftCents } = till;

    describe("a sale", () => {
      test("is approved, debits what it says, and tells what is left", async () => {
        const before = await leftCents();
        const request = sale({ purchaseCents: 200 });
        expect(await decided(request)).toMatchObject({
          id: request.id,
          outcome: "approved",
          code: "APPROVED",
          iso39: "00",
          retry: "NONE",
          amountCents: 200,
          collectCents: 0,
          remaining: { unit: "EUR_CENT", value: before - 200 },
          receipt: { channel: "NFC" },
        });
      });

      test("of seats tells how many were taken and what is to be collected", async () => {
        const { id, evidence } = sale();
        expect(
          await decided({ id, evidence, avantage: till.gateway().seats, quantity: 1 }),
        ).toMatchObject({
          code: "APPROVED_SEATS",
          quantity: 1,
          collectCents: 100,
          remaining: { unit: "SEAT" },
        });
      });

      test("with the same id and body gets the same answer and takes nothing twice", async () => {
        const request = sale({ purchaseCents: 300 });
        const first = await decided(request);
        const between = await leftCents();
        expect(await decided(request)).toEqual(first);
        expect(await decided({ ...request, deadlineMs: 3_000 })).toEqual(first);
        expect(await decided({ ...request, exact: false, capture: true })).toEqual(first);
        expect(await leftCents()).toBe(between);
      });

      test("sent many times at once is one sale with one answer", async () => {
        const before = await leftCents();
        const request = sale({ purchaseCents: 100 });
        const answers = await Promise.all(Array.from({ length: 8 }, () => decided(request)));
        expect(answers[0]).toMatchObject({ code: "APPROVED" });
        expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
        expect(await leftCents()).toBe(before - 100);
      });

      test("with the same id and another body is a conflict, and the first one stands", async () => {
        const request = sale();
        await decided(request);
        const conflict = await authorize({ ...request, purchaseCents: 101 });
        expectProblem(conflict, { status: 409, code: "DUPLICATE_CONFLICT" });
        expect((await statusOf(request.id)).body).toMatchObject({ state: "approved" });
      });

      test.each([0, -1, 100_000_000])("of %i cents is declined, not refused", async (cents) => {
        const answer = await decided(sale({ purchaseCents: cents }));
        expect(answer).toMatchObject({ outcome: "declined", code: "AMOUNT_INVALID" });
      });

      test("of a counted avantage without a quantity is declined", async () => {
        const { id, evidence } = sale();
        const answer = await decided({ id, evidence, avantage: till.gateway().seats });
        expect(answer).toMatchObject({ outcome: "declined", code: "QUANTITY_INVALID" });
      });

      test("of a wrong price and a wrong number is declined for the price", async () => {
        const { id, evidence } = sale();
        const asked = { avantage: till.gateway().seats, quantity: 0, purchaseCents: 0 };
        const answer = await decided({ id, evidence, ...asked });
        expect(answer).toMatchObject({ outcome: "declined", code: "AMOUNT_INVALID" });
      });

      test("that is declined for the balance names the holder and what else can be used here", async () => {
        const request = sale({ purchaseCents: TOO_MUCH_CENTS, exact: true });
        const { holder, usableHere = [] } = await decided(request);
        expect(holder).toBeDefined();
        const seats = usableHere.find(({ avantage }) => avantage === till.gateway().seats);
        expect(seats).toMatchObject({ state: "open", remaining: { unit: "SEAT" } });
        expect(usableHere.map(({ avantage }) => avantage)).not.toContain(till.gateway().euros);
      });

      test("that is declined for its form names neither", async () => {
        const declined = await decided(sale({ purchaseCents: 0 }));
        expect(declined).not.toHaveProperty("holder");
        expect(declined).not.toHaveProperty("usableHere");
      });

      test("that wants all or nothing is declined, and can be amended without a new tap, once", async () => {
        const { available, proofRef, ...declined } = await decided(
          sale({ purchaseCents: TOO_MUCH_CENTS, exact: true }),
        );
        expect(declined).toMatchObject({ code: "INSUFFICIENT_BALANCE", retry: "AMEND" });
        expect(available?.value).toBeGreaterThan(0);
        const evidence = { type: "proofRef", proofRef: proofRef ?? "" } as const;
        expect(await decided(sale({ evidence }))).toMatchObject({ code: "APPROVED" });
        expect(await decided(sale({ evidence }))).toMatchObject({ code: "PROOF_EXPIRED" });
      });
    });

    describe("a status", () => {
      test("of an unknown id is 404", async () => {
        expectProblem(await statusOf(newId()), { status: 404, code: "ORIGINAL_NOT_FOUND" });
      });

      test("of a sale is its stored answer", async () => {
        const request = sale();
        const answer = await decided(request);
        const { status, body } = await statusOf(request.id);
        expect(status).toBe(200);
        expect(StatusAnswerSchema.parse(body)).toEqual({
          id: request.id,
          state: "approved",
          answer,
        });
      });

      test("of something that is no id is 400", async () => {
        expectProblem(await statusOf("not-an-id"), { status: 400, code: "FORMAT_ERROR" });
      });
    });

    describe("a reversal", () => {
      test("gives back what was taken, once, with the same answer each time", async () => {
        const before = await leftCents();
        const request = sale({ purchaseCents: 400 });
        await decided(request);
        const first = await reverse(request.id);
        expect(ReversalAnswerSchema.parse(expectDecision(first))).toMatchObject({
          outcome: "approved",
          code: "REVERSED",
          returned: { unit: "EUR_CENT", value: 400 },
        });
        expect((await reverse(request.id, "manual")).body).toEqual(first.body);
        expect(await leftCents()).toBe(before);
        expect((await statusOf(request.id)).body).toMatchObject({ state: "reversed" });
      });

      test("leaves nothing of the sale: its repeat is declined", async () => {
        const request = sale();
        await decided(request);
        await reverse(request.id);
        expect(await decided(request)).toMatchObject({
          outcome: "declined",
          code: "ALREADY_REVERSED",
        });
      });

      test("of an unknown id leaves a tombstone that refuses the late original", async () => {
        const request = sale();
        const answer = ReversalAnswerSchema.parse(expectDecision(await reverse(request.id)));
        expect(answer).toMatchObject({ code: "REVERSED" });
        expect(answer).not.toHaveProperty("returned");
        expect(await decided(request)).toMatchObject({ code: "ALREADY_REVERSED" });
        const { body } = await statusOf(request.id);
        expect(StatusAnswerSchema.parse(body)).toMatchObject({ state: "reversed" });
      });

      test("of an unknown id by hand is not found, and leaves no tombstone", async () => {
        const request = sale();
        const missing = await reverse(request.id, "manual");
        expectProblem(missing, { status: 404, code: "ORIGINAL_NOT_FOUND" });
        expect(await decided(request)).toMatchObject({ code: "APPROVED" });
      });

      test("of a declined sale gives nothing back", async () => {
        const request = sale({ purchaseCents: 0 });
        await decided(request);
        const { body } = await reverse(request.id);
        expect(body).toMatchObject({ code: "REVERSED" });
        expect(body).not.toHaveProperty("returned");
      });
    });

    describe("an inquiry", () => {
      test("tells what would be covered, debits nothing, and serves one sale", async () => {
        const before = await leftCents();
        const inquiry = {
          id: newId(),
          evidence: till.gateway().freshNfcEvidence(),
          avantage: till.gateway().euros,
          purchaseCents: before + 500,
        };
        const answer = InquiryAnswerSchema.parse(
          expectDecision(await post("/v1/inquiries", inquiry)),
        );
        expect(answer).toMatchObject({ outcome: "approved", code: "INQUIRY_ANSWERED" });
        expect(answer.avantages).toMatchObject([
          {
            avantage: till.gateway().euros,
            state: "open",
            remaining: { unit: "EUR_CENT", value: before },
            coversCents: before,
            collectCents: 500,
          },
        ]);
        expect(await leftCents()).toBe(before);
        const evidence = { type: "proofRef", proofRef: answer.proofRef ?? "" } as const;
        expect(await decided(sale({ evidence }))).toMatchObject({ code: "APPROVED" });
      });

      test("shares its ids with sales, and has no status", async () => {
        const inquiry = { id: newId(), evidence: till.gateway().freshNfcEvidence() };
        expectDecision(await post("/v1/inquiries", inquiry));
        const conflict = await authorize(sale({ id: inquiry.id }));
        expectProblem(conflict, { status: 409, code: "DUPLICATE_CONFLICT" });
        expectProblem(await statusOf(inquiry.id), { status: 404, code: "ORIGINAL_NOT_FOUND" });
      });
    });

    test("the terminal's profile names what is accepted", async () => {
      const { status, body } = await till.client().send({ method: "GET", path: "/v1/terminal" });
      expect(status).toBe(200);
      const accepted = TerminalProfileSchema.parse(body).avantages.map(({ avantage }) => avantage);
      expect(accepted).toEqual(
        expect.arrayContaining([till.gateway().euros, till.gateway().seats]),
      );
    });

    describe("bad input changes nothing and says what is wrong:", () => {
      const send = (body: string, contentType?: string) =>
        till.client().send({
          method: "POST",
          path: "/v1/authorizations",
          body,
          ...(contentType === undefined ? {} : { contentType }),
        });

      test("an unknown field", async () => {
        const request = sale();
        const problem = expectProblem(await authorize({ ...request, tip: 1 }), {
          status: 400,
          code: "FORMAT_ERROR",
        });
        expect(problem.errors).toHaveLength(1);
        expect((await statusOf(request.id)).status).toBe(404);
      });

      test.each([
        ["a fraction of a cent", { purchaseCents: 0.5 }, "/purchaseCents"],
        ["a number as text", { purchaseCents: "100" }, "/purchaseCents"],
        ["an amount that no number holds", { purchaseCents: 1e300 }, "/purchaseCents"],
        ["an id of another form", { id: "1" }, "/id"],
        ["an evidence of no kind", { evidence: { type: "nothing" } }, "/evidence"],
        ["a deadline out of bounds", { deadlineMs: 1 }, "/deadlineMs"],
      ])("%s", async (_, fields, pointer) => {
        const problem = expectProblem(await authorize({ ...sale(), ...fields }), {
          status: 400,
          code: "FORMAT_ERROR",
        });
        expect(problem.errors?.map((error) => error.pointer)).toContain(pointer);
      });

      test.each(["", "{", '{"id":', "null", "[]", '"text"'])("as JSON, %j", async (text) => {
        expectProblem(await send(text), { status: 400, code: "FORMAT_ERROR" });
      });

      test("another content type", async () => {
        const answer = await send(JSON.stringify(sale()), "text/plain");
        expectProblem(answer, { status: 415, code: "FORMAT_ERROR" });
      });

      test("a body that is too large", async () => {
        const answer = await send(JSON.stringify({ filler: "x".repeat(BODY_BYTES_MAX) }));
        expectProblem(answer, { status: 413, code: "FORMAT_ERROR" });
      });

      test("a secret in a refused request is not repeated in the problem", async () => {
        const token = "SECRET-TOKEN-OF-A-CARD";
        const evidence = { type: "qr", token, pinBlock: { ksn: token, block: token } };
        const { body } = await authorize({ ...sale(), evidence });
        expect(JSON.stringify(body)).not.toContain(token);
      });
    });
  });
}
