// Examples of each request.

import type {
  AuthorizationRequest,
  CaptureRequest,
  InquiryRequest,
  RefundRequest,
  ReversalRequest,
} from "../messages/authorization.js";
import {
  EXAMPLE_ID,
  EXAMPLE_PROOF_REF,
  EXAMPLE_REFUND_ID,
  EXAMPLE_STEP_UP_ID,
  type Example,
} from "./example.js";

const CARD_MESSAGE =
  "https://pass.auvergnerhonealpes.fr/t?e=EF963FF7828658A599F3041510671E88&m=94EED9EE65337086";
// Signed with the private key of RFC 8032 §7.1, test 1, whose public key the example profile shows.
const QR_TOKEN =
  "PR1.P.K1.9250000000000008.DQLC3IJSXY4DO3WRJUCE4XX7XFXIVKMKYUBMM3TA2KTPBV72JBTWST6QBULBZC3LD7XITLEYVTWSHFZI4G236YWAXMW2D2LFR7TO2CQ";
const PIN_BLOCK = {
  ksn: "123456789012345600000001",
  block: "1B9C1845EB993A7A0B3C4D5E6F708192",
};

export const AUTHORIZATION_REQUESTS = {
  nfc: {
    summary: "A tap, in euros",
    value: {
      id: EXAMPLE_ID,
      evidence: { type: "nfc", message: CARD_MESSAGE },
      avantage: "SPECTACLE",
      purchaseCents: 1800,
    },
  },
  qr: {
    summary: "A scan with the code secret, two seats",
    value: {
      id: EXAMPLE_ID,
      evidence: { type: "qr", token: QR_TOKEN, pinBlock: PIN_BLOCK },
      avantage: "CINEMA",
      quantity: 2,
    },
  },
  proofRef: {
    summary: "The amended try after a decline, without a second tap",
    value: {
      id: EXAMPLE_ID,
      evidence: { type: "proofRef", proofRef: EXAMPLE_PROOF_REF },
      avantage: "SPECTACLE",
      purchaseCents: 1200,
      exact: true,
    },
  },
  stepUp: {
    summary: "The code secret after a tap that was declined as PIN_REQUIRED",
    value: {
      id: EXAMPLE_STEP_UP_ID,
      evidence: { type: "proofRef", proofRef: EXAMPLE_PROOF_REF, pinBlock: PIN_BLOCK },
      avantage: "SPECTACLE",
      purchaseCents: 4000,
      stepUpOf: EXAMPLE_ID,
    },
  },
  held: {
    summary: "A price that is not yet certain: held, and captured once it is",
    value: {
      id: EXAMPLE_ID,
      evidence: { type: "nfc", message: CARD_MESSAGE },
      avantage: "SPECTACLE",
      purchaseCents: 2000,
      capture: false,
    },
  },
} as const satisfies Record<string, Example<AuthorizationRequest>>;

export const REVERSAL_REQUESTS = {
  automatic: { summary: "The result is unknown to the terminal", value: { reason: "automatic" } },
  manual: { summary: "The cashier took the sale back", value: { reason: "manual" } },
} as const satisfies Record<string, Example<ReversalRequest>>;

export const CAPTURE_REQUESTS = {
  all: { summary: "All that is held", value: {} },
  less: { summary: "15,00 € of it; the rest is free again", value: { amountCents: 1500 } },
  seats: { summary: "One seat", value: { quantity: 1 } },
} as const satisfies Record<string, Example<CaptureRequest>>;

export const REFUND_REQUESTS = {
  all: { summary: "All that can still be given back", value: { id: EXAMPLE_REFUND_ID } },
  part: { summary: "7,00 € of it", value: { id: EXAMPLE_REFUND_ID, amountCents: 700 } },
  seats: { summary: "One seat", value: { id: EXAMPLE_REFUND_ID, quantity: 1 } },
} as const satisfies Record<string, Example<RefundRequest>>;

export const INQUIRY_REQUESTS = {
  covered: {
    summary: "How much of 18,00 € would be covered?",
    value: {
      id: EXAMPLE_ID,
      evidence: { type: "nfc", message: CARD_MESSAGE },
      avantage: "SPECTACLE",
      purchaseCents: 1800,
    },
  },
} as const satisfies Record<string, Example<InquiryRequest>>;
