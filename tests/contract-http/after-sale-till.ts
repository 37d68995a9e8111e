// What a till does with an earlier sale, for the contracts of gateways: each step with its answer as the schema reads it.

import {
  CaptureAnswerSchema,
  ReconciliationAnswerSchema,
  RefundAnswerSchema,
  ReversalAnswerSchema,
  StatusAnswerSchema,
} from "@pass-tpe/protocol";
import { expect } from "vitest";
import { expectDecision } from "./expectations.js";
import type { ContractSale, ContractTill } from "./till.js";

/** An amount or a number; with neither, all of it. */
export interface Part {
  readonly amountCents?: unknown;
  readonly quantity?: unknown;
}

export function afterSaleTill(till: ContractTill) {
  const { newId, sale, post, decided } = till;
  const sendCapture = (id: string, part: object = {}) =>
    post(`/v1/authorizations/${id}/capture`, part);
  const sendRefund = (of: string, part: object = {}) =>
    post(`/v1/authorizations/${of}/refunds`, { id: newId(), ...part });
  const sendTotals = (request: object) => post("/v1/reconciliations", request);
  const seatsOf = (quantity: number): Partial<ContractSale> => {
    const { id, evidence } = sale();
    return { id, evidence, avantage: till.gateway().seats, quantity };
  };
  return {
    sendCapture,
    sendRefund,
    sendTotals,
    /** A final sale in euros. */
    sell: (purchaseCents: number) => decided(sale({ purchaseCents })),
    /** A sale in euros that waits for its capture. */
    hold: (purchaseCents: number) => decided(sale({ purchaseCents, capture: false })),
    sellSeats: (quantity: number) => decided(seatsOf(quantity)),
    holdSeats: (quantity: number) => decided({ ...seatsOf(quantity), capture: false }),
    capture: async (id: string, part: Part = {}) =>
      CaptureAnswerSchema.parse(expectDecision(await sendCapture(id, part))),
    refund: async (of: string, part: Part & { readonly id?: string } = {}) =>
      RefundAnswerSchema.parse(expectDecision(await sendRefund(of, part))),
    undo: async (id: string) => ReversalAnswerSchema.parse(expectDecision(await till.reverse(id))),
    async lookUp(id: string) {
      const { status, body } = await till.statusOf(id);
      expect(status).toBe(200);
      return StatusAnswerSchema.parse(body);
    },
    async reconcile(request: object) {
      const { status, body } = await sendTotals(request);
      expect([status, body]).toEqual([200, expect.anything()]);
      return ReconciliationAnswerSchema.parse(body);
    },
  };
}
