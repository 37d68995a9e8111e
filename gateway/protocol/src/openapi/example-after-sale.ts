// Examples of what is answered about an earlier sale; texts and codes come from the outcomes, so that they cannot drift.

import type {
  CaptureAnswer,
  RefundAnswer,
  ReversalAnswer,
  StatusAnswer,
} from "../messages/authorization.js";
import { EXAMPLE_ID, EXAMPLE_REFUND_ID, type Example } from "./example.js";
import { APPROVED_PARTIAL, HELD } from "./example-answers.js";
import { decision, receiptOf, SPECTACLE } from "./example-decision.js";

const { avantage, avantageLabel } = SPECTACLE;
const { receipt } = receiptOf(avantageLabel, "NFC");
const euros = (value: number) => ({ unit: "EUR_CENT", value }) as const;

const RETURNED = euros(1200);
const REVERSED = {
  ...decision("REVERSED", { returned: RETURNED, avantageLabel }),
  returned: RETURNED,
};

export const REVERSAL_ANSWERS = {
  returned: { summary: "What was taken was given back", value: REVERSED },
  tombstone: {
    summary: "The id was never seen, and is refused from now on",
    value: decision("REVERSED", {}),
  },
  tooLate: {
    summary: "The sale's settlement period is closed: refund it",
    value: decision("REVERSAL_TOO_LATE", {}),
  },
} as const satisfies Record<string, Example<ReversalAnswer>>;

const CAPTURED = {
  ...decision("CAPTURED", { taken: euros(1500), remaining: euros(1500), avantageLabel }),
  avantage,
  amountCents: 1500,
  released: euros(500),
  remaining: euros(1500),
  receipt,
};

export const CAPTURE_ANSWERS = {
  less: { summary: "15,00 € of 20,00 € were taken, 5,00 € are free again", value: CAPTURED },
  over: {
    summary: "More than is held: nothing was taken",
    value: {
      ...decision("CAPTURE_OVER_HOLD", { remaining: euros(2000) }),
      available: euros(2000),
    },
  },
  expired: { summary: "The hold was over", value: decision("HOLD_EXPIRED", {}) },
} as const satisfies Record<string, Example<CaptureAnswer>>;

const REFUNDED = {
  ...decision("REFUNDED", { returned: euros(700), avantageLabel }, EXAMPLE_REFUND_ID),
  of: EXAMPLE_ID,
  avantage,
  returned: euros(700),
  refundable: euros(500),
  usableUntil: "2026-06-30",
  receipt,
};

export const REFUND_ANSWERS = {
  part: { summary: "7,00 € of 12,00 € were given back", value: REFUNDED },
  over: {
    summary: "More than is left of the sale: nothing was given back",
    value: {
      ...decision("REFUND_OVER_CAPTURED", { remaining: euros(500) }, EXAMPLE_REFUND_ID),
      of: EXAMPLE_ID,
      available: euros(500),
    },
  },
} as const satisfies Record<string, Example<RefundAnswer>>;

export const STATUS_ANSWERS = {
  approved: {
    summary: "The sale stands",
    value: { id: EXAMPLE_ID, state: "approved", answer: APPROVED_PARTIAL },
  },
  held: {
    summary: "The sale waits for its capture",
    value: { id: EXAMPLE_ID, state: "held", answer: HELD },
  },
  captured: {
    summary: "The sale was held, and captured since",
    value: { id: EXAMPLE_ID, state: "approved", answer: HELD, capture: CAPTURED },
  },
  refunded: {
    summary: "A part of the sale was given back",
    value: { id: EXAMPLE_ID, state: "approved", answer: APPROVED_PARTIAL, refunds: [REFUNDED] },
  },
  reversed: {
    summary: "The sale was reversed",
    value: { id: EXAMPLE_ID, state: "reversed", answer: APPROVED_PARTIAL, reversal: REVERSED },
  },
} as const satisfies Record<string, Example<StatusAnswer>>;
