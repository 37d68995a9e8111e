// Examples of each answer; texts and codes come from the outcomes, so that they cannot drift.

import type { AuthorizationAnswer, InquiryAnswer } from "../messages/authorization.js";
import { GATEWAY_DEADLINE_MS, PROOF_LIFETIME_MS, QUANTITY_MAX } from "../messages/limits.js";
import type { TerminalProfile } from "../messages/terminal.js";
import { PURCHASE_CENTS_MAX } from "../money.js";
import { EXAMPLE_PROOF_REF, type Example } from "./example.js";
import {
  CINEMA,
  DECIDED_AT_MS,
  decision,
  HOLDER,
  receiptOf,
  SPECTACLE,
} from "./example-decision.js";

const PROOF = {
  proofRef: EXAMPLE_PROOF_REF,
  proofExpiresAtMs: DECIDED_AT_MS + PROOF_LIFETIME_MS,
} as const;

const PARTIAL = {
  amountCents: 1200,
  collectCents: 600,
  remaining: { unit: "EUR_CENT", value: 0 },
} as const;
const SEATS = { quantity: 2, collectCents: 200, remaining: { unit: "SEAT", value: 3 } } as const;
const AVAILABLE = { unit: "EUR_CENT", value: 1200 } as const;

export const APPROVED_PARTIAL = {
  ...decision("APPROVED_PARTIAL", { ...PARTIAL, avantageLabel: SPECTACLE.avantageLabel }),
  avantage: SPECTACLE.avantage,
  ...PARTIAL,
  ...receiptOf(SPECTACLE.avantageLabel, "NFC"),
};

const HELD_FIGURES = {
  amountCents: 2000,
  collectCents: 0,
  remaining: { unit: "EUR_CENT", value: 1000 },
} as const;

export const HELD = {
  ...decision("APPROVED_HELD", {
    taken: { unit: "EUR_CENT", value: HELD_FIGURES.amountCents },
    avantageLabel: SPECTACLE.avantageLabel,
  }),
  avantage: SPECTACLE.avantage,
  ...HELD_FIGURES,
  holdExpiresAtMs: DECIDED_AT_MS + 30 * 60_000,
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
      holder: HOLDER,
      ...PROOF,
    },
  },
  codeSecretNeeded: {
    summary:
      "A tap above its card's ceiling: the code secret can follow, in a request with stepUpOf",
    value: {
      ...decision("PIN_REQUIRED", {}),
      avantage: SPECTACLE.avantage,
      ...PROOF,
    },
  },
  otherAvantage: {
    summary: "Nothing is left of this one; another can be used here with the proofRef",
    value: {
      ...decision("BALANCE_EXHAUSTED", { avantageLabel: SPECTACLE.avantageLabel }),
      avantage: SPECTACLE.avantage,
      available: { unit: "EUR_CENT", value: 0 },
      holder: HOLDER,
      ...PROOF,
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
  held: { summary: "20,00 € are held for half an hour and wait for the capture", value: HELD },
  conventionOver: {
    summary: "Declined for the partner, with the case that says what to do",
    value: {
      ...decision("CONVENTION_NOT_IN_FORCE", {}),
      reason: "NOT_SIGNED",
      avantage: SPECTACLE.avantage,
    },
  },
} as const satisfies Record<string, Example<AuthorizationAnswer>>;

export const INQUIRY_ANSWERS = {
  covered: {
    summary: "12,00 € would be covered, 6,00 € remain to be paid",
    value: {
      ...decision("INQUIRY_ANSWERED", {}),
      holder: HOLDER,
      ...PROOF,
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
