// Examples of each answer; texts and codes come from the outcomes, so that they cannot drift.

import type {
  AuthorizationAnswer,
  Decision,
  InquiryAnswer,
  ReversalAnswer,
  StatusAnswer,
} from "../messages/authorization.js";
import { GATEWAY_DEADLINE_MS, QUANTITY_MAX } from "../messages/limits.js";
import type { TerminalProfile } from "../messages/terminal.js";
import { PURCHASE_CENTS_MAX } from "../money.js";
import {
  type OutcomeParams,
  outcomeSpec,
  type PublicCode,
  publicIso39Of,
  publicRetryOf,
  renderOutcome,
} from "../outcomes/index.js";
import { EXAMPLE_ID, EXAMPLE_PROOF_REF, type Example } from "./example.js";

const DECIDED_AT_MS = 1_767_970_800_000;
const CARD = { holder: "Camille D.", cardLastFour: "0008" };

function decision(code: PublicCode, params: OutcomeParams): Decision {
  return {
    id: EXAMPLE_ID,
    outcome: outcomeSpec(code).kind === "approval" ? "approved" : "declined",
    code,
    iso39: publicIso39Of(code) ?? "",
    ...renderOutcome(code, params),
    retry: publicRetryOf(code, params),
    decidedAtMs: DECIDED_AT_MS,
  };
}

const SPECTACLE = { avantage: "SPECTACLE", avantageLabel: "Spectacles" };
const CINEMA = { avantage: "CINEMA", avantageLabel: "Cinéma" };

const receiptOf = (avantageLabel: string, channel: "NFC" | "QR") => ({
  holder: CARD.holder,
  receipt: { reference: EXAMPLE_ID, avantageLabel, cardLastFour: CARD.cardLastFour, channel },
});

const PARTIAL = {
  amountCents: 1200,
  collectCents: 600,
  remaining: { unit: "EUR_CENT", value: 0 },
} as const;
const SEATS = { quantity: 2, collectCents: 200, remaining: { unit: "SEAT", value: 3 } } as const;
const AVAILABLE = { unit: "EUR_CENT", value: 1200 } as const;

const APPROVED_PARTIAL = {
  ...decision("APPROVED_PARTIAL", { ...PARTIAL, avantageLabel: SPECTACLE.avantageLabel }),
  avantage: SPECTACLE.avantage,
  ...PARTIAL,
  ...receiptOf(SPECTACLE.avantageLabel, "NFC"),
};

export const AUTHORIZATION_ANSWERS = {
  partial: {
    summary: "Approved for a part: 12,00 € taken, 6,00 € to collect",
    value: APPROVED_PARTIAL,
  },
  seats: {
    summary: "Two seats taken, 1 € each to collect",
    value: {
      ...decision("APPROVED_SEATS", SEATS),
      avantage: CINEMA.avantage,
      ...SEATS,
      ...receiptOf(CINEMA.avantageLabel, "QR"),
    },
  },
  declined: {
    summary: "Declined because less is left; can be amended with the proofRef",
    value: {
      ...decision("INSUFFICIENT_BALANCE", { remaining: AVAILABLE }),
      avantage: SPECTACLE.avantage,
      available: AVAILABLE,
      holder: CARD.holder,
      proofRef: EXAMPLE_PROOF_REF,
    },
  },
  otherAvantage: {
    summary: "Nothing is left of this one; another can be used here with the proofRef",
    value: {
      ...decision("BALANCE_EXHAUSTED", { avantageLabel: SPECTACLE.avantageLabel }),
      avantage: SPECTACLE.avantage,
      available: { unit: "EUR_CENT", value: 0 },
      holder: CARD.holder,
      proofRef: EXAMPLE_PROOF_REF,
      usableHere: [
        {
          avantage: CINEMA.avantage,
          label: CINEMA.avantageLabel,
          unit: "SEAT",
          state: "open",
          remaining: { unit: "SEAT", value: 5 },
          usableFrom: "2025-09-01",
          usableUntil: "2026-06-30",
        },
      ],
    },
  },
  record: {
    summary: "A use without a debit, with the value that was declared",
    value: {
      ...decision("APPROVED_RECORD", {}),
      avantage: "APPRENTI_EQUIPEMENT",
      declaredCents: 18_000,
      ...receiptOf("Équipement des apprentis", "NFC"),
    },
  },
  conventionOver: {
    summary: "Declined for the partner, with the case that says what to do",
    value: {
      ...decision("CONVENTION_NOT_IN_FORCE", {}),
      reason: "NOT_SIGNED",
      avantage: SPECTACLE.avantage,
    },
  },
} as const satisfies Record<string, Example<AuthorizationAnswer>>;

const RETURNED = { unit: "EUR_CENT", value: 1200 } as const;
const REVERSED = {
  ...decision("REVERSED", { returned: RETURNED, avantageLabel: SPECTACLE.avantageLabel }),
  returned: RETURNED,
};

export const REVERSAL_ANSWERS = {
  returned: { summary: "What was taken was given back", value: REVERSED },
  tombstone: {
    summary: "The id was never seen, and is refused from now on",
    value: decision("REVERSED", {}),
  },
} as const satisfies Record<string, Example<ReversalAnswer>>;

export const STATUS_ANSWERS = {
  approved: {
    summary: "The sale stands",
    value: { id: EXAMPLE_ID, state: "approved", answer: APPROVED_PARTIAL },
  },
  reversed: {
    summary: "The sale was reversed",
    value: { id: EXAMPLE_ID, state: "reversed", answer: APPROVED_PARTIAL, reversal: REVERSED },
  },
} as const satisfies Record<string, Example<StatusAnswer>>;

export const INQUIRY_ANSWERS = {
  covered: {
    summary: "12,00 € would be covered, 6,00 € remain to be paid",
    value: {
      ...decision("INQUIRY_ANSWERED", {}),
      holder: CARD.holder,
      proofRef: EXAMPLE_PROOF_REF,
      avantages: [
        {
          avantage: "SPECTACLE",
          label: SPECTACLE.avantageLabel,
          unit: "EUR_CENT",
          state: "open",
          remaining: AVAILABLE,
          usableFrom: "2025-09-01",
          usableUntil: "2026-06-30",
          coversCents: 1200,
          collectCents: 600,
        },
      ],
    },
  },
} as const satisfies Record<string, Example<InquiryAnswer>>;

export const TERMINAL_PROFILES = {
  cinema: {
    summary: "A till of a theatre",
    value: {
      terminalId: "T-0001",
      partner: { id: "P-0001", name: "Théâtre des Exemples" },
      pointOfSale: { id: "S-0001", name: "Caisse 1", city: "Lyon" },
      receiptHeader: ["Théâtre des Exemples", "Caisse 1", "Lyon"],
      avantages: [
        { avantage: "SPECTACLE", label: SPECTACLE.avantageLabel, unit: "EUR_CENT" },
        { avantage: "CINEMA", label: CINEMA.avantageLabel, unit: "SEAT" },
      ],
      // The public key of RFC 8032 §7.1, test 1.
      qrKeys: [
        {
          keyId: "K1",
          publicKey: "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        },
      ],
      presentations: { nfcIdentifier: false, qrNumber: true },
      limits: {
        purchaseCentsMax: PURCHASE_CENTS_MAX,
        quantityMax: QUANTITY_MAX,
        deadlineMs: GATEWAY_DEADLINE_MS,
      },
      serverTimeMs: DECIDED_AT_MS,
    },
  },
} as const satisfies Record<string, Example<TerminalProfile>>;
