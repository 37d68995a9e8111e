// Examples of a till's day: one that agrees, and one that lacks a sale.

import type { ReconciliationAnswer, ReconciliationRequest } from "../messages/reconciliation.js";
import { EXAMPLE_ID, type Example } from "./example.js";
import { DECIDED_AT_MS, SPECTACLE } from "./example-decision.js";

const DAY = "2026-01-09";
const NONE = { count: 0, value: 0 };
const { avantage } = SPECTACLE;
const totals = (count: number, value: number) =>
  [
    { avantage, unit: "EUR_CENT", sales: { count, value }, reversals: NONE, refunds: NONE },
  ] as const;

export const RECONCILIATION_REQUESTS = {
  day: { summary: "One sale of 12,00 €", value: { day: DAY, totals: [...totals(1, 1200)] } },
  page: {
    summary: "The second page of the moves",
    value: { day: DAY, totals: [...totals(1, 1200)], page: 1 },
  },
} as const satisfies Record<string, Example<ReconciliationRequest>>;

export const RECONCILIATION_ANSWERS = {
  agreed: {
    summary: "Terminal and gateway have the same",
    value: {
      day: DAY,
      terminalId: "T-0001",
      agreed: true,
      totals: [...totals(1, 1200)],
      held: 0,
      moves: [],
      morePages: false,
    },
  },
  differs: {
    summary: "The terminal has a sale that the gateway does not have, or the reverse: every move",
    value: {
      day: DAY,
      terminalId: "T-0001",
      agreed: false,
      totals: [...totals(1, 1200)],
      held: 1,
      moves: [
        {
          kind: "sale",
          saleId: EXAMPLE_ID,
          avantage,
          unit: "EUR_CENT",
          value: 1200,
          atMs: DECIDED_AT_MS,
        },
      ],
      morePages: false,
    },
  },
} as const satisfies Record<string, Example<ReconciliationAnswer>>;
