// The record of what a terminal asked: ids, avantages and amounts, never what a card or a person presented.

import type { DoubleOperation } from "./codes.js";

export interface SeenRequest {
  readonly operation: DoubleOperation;
  /** Absent where the request named none in good form. */
  readonly id?: string;
  /** The sale that a refund is of; `id` is the refund's own. */
  readonly of?: string;
  /** The tap that a sale with the code secret follows. */
  readonly stepUpOf?: string;
  readonly avantage?: string;
  readonly amountCents?: number;
  readonly purchaseCents?: number;
  readonly quantity?: number;
  /** How the card was presented: the kind alone. */
  readonly presented?: string;
  /**
   * The fault that it met, or the code of the answer; the state of the sale for a status; `agreed` or `differs` for a
   * reconciliation.
   */
  readonly result: string;
}

/** The oldest are forgotten beyond this number. */
export const REQUESTS_KEPT = 10_000;

/** What may be recorded of a body; anything else, and anything of another type, is left out. */
export function recordable(body: unknown): Omit<SeenRequest, "operation" | "result"> {
  const fields = new Map(typeof body === "object" && body !== null ? Object.entries(body) : []);
  const id = textOf(fields.get("id"));
  const stepUpOf = textOf(fields.get("stepUpOf"));
  const avantage = textOf(fields.get("avantage"));
  const amountCents = numberOf(fields.get("amountCents"));
  const purchaseCents = numberOf(fields.get("purchaseCents"));
  const quantity = numberOf(fields.get("quantity"));
  const evidence: unknown = fields.get("evidence");
  const presented =
    typeof evidence === "object" && evidence !== null && "type" in evidence
      ? textOf(evidence.type)
      : undefined;
  return {
    ...(id === undefined ? {} : { id }),
    ...(stepUpOf === undefined ? {} : { stepUpOf }),
    ...(avantage === undefined ? {} : { avantage }),
    ...(amountCents === undefined ? {} : { amountCents }),
    ...(purchaseCents === undefined ? {} : { purchaseCents }),
    ...(quantity === undefined ? {} : { quantity }),
    ...(presented === undefined ? {} : { presented }),
  };
}

const textOf = (value: unknown) => (typeof value === "string" ? value : undefined);
const numberOf = (value: unknown) => (typeof value === "number" ? value : undefined);
