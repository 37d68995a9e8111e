// The nouns of reimbursement: what moved, what is owed for it, what holds it, and what was paid; plain data.

import type { Unit } from "@pass-tpe/protocol";

/** One movement of the ledger that may be owed for: a sale that was taken, or what was given back of one. */
export interface Movement {
  readonly kind: "sale" | "reversal" | "refund";
  /** The sale: the terminal that made it, and its id there. */
  readonly terminalId: string;
  readonly saleId: string;
  /** The refund's own id; null for a sale or its reversal. */
  readonly refundId: string | null;
  /** Where the sale was made, as the partner stood then. */
  readonly partnerId: string;
  readonly avantage: string;
  readonly unit: Unit;
  /** In the unit: positive for a sale, negative for what was given back; 1 or -1 for a recorded use. */
  readonly units: number;
  /** When the sale was taken: its decision, or its capture. Unix milliseconds. */
  readonly takenAtMs: number;
  /** When this movement was made. */
  readonly atMs: number;
  /** The programme that the sale was decided under. */
  readonly programmeHash: string;
}

/** The life of what is owed. HELD, RELEASED and REJECTED wait for a cut-off; a BATCHED line is in one payment. */
export type LineState = "ACCRUED" | "HELD" | "RELEASED" | "BATCHED" | "PAID" | "REJECTED";

export type HoldReason =
  /** The year's equipment types are declared, and a paper that they ask for is not there. */
  | "JUSTIFICATIF_MISSING"
  /** Neither equipment types nor "not concerned" were declared for the year: silence holds as well. */
  | "DECLARATION_MISSING"
  /** Nobody knows which account to pay. */
  | "BANK_DETAILS_MISSING";

/** What is owed for one movement. Its amount never changes. */
export interface SettlementLine extends Omit<Movement, "programmeHash"> {
  /** In the order of accrual, from 1. */
  readonly no: number;
  /** Positive: owed to the partner. Negative: owed back. */
  readonly amountCents: number;
  /** Whether its avantage waits for papers. */
  readonly heldForPapers: boolean;
  /** Given back of a sale that is in a payment: it is set off, whatever papers are missing by now. */
  readonly ofPaidSale: boolean;
  /** The school year of the sale, `2022/2023`: 1 September to 31 August, Paris. */
  readonly schoolYear: string;
  readonly state: LineState;
  /** Why it is held; empty where it is not. */
  readonly holds: readonly HoldReason[];
  /** The payment that it is in; null while it is in none. */
  readonly payment: PaymentKey | null;
  /** The payment that came back and left it REJECTED; null in any other state. */
  readonly returnedFrom: PaymentKey | null;
}

/** What is known of a line before it is stored. */
export type NewLine = Omit<
  SettlementLine,
  "no" | "ofPaidSale" | "state" | "holds" | "payment" | "returnedFrom"
>;

/** A payment is named by the settlement that made it, and by the partner that it is for. */
export interface PaymentKey {
  /** The last day of the settlement's period, Paris civil date. */
  readonly settlement: string;
  readonly partnerId: string;
}

export const EQUIPMENT_TYPES = ["MATERIEL", "OUTILLAGE", "VETEMENTS"] as const;
export type EquipmentType = (typeof EQUIPMENT_TYPES)[number];

export const JUSTIFICATIF_KINDS = ["PHOTO_STICKER", "FACTURE_FLOCAGE", "PHOTO_FLOCAGE"] as const;
export type JustificatifKind = (typeof JUSTIFICATIF_KINDS)[number];

/** What a shop said of a school year: the types that it sells, or that it is not concerned. */
export interface EquipmentDeclaration {
  readonly schoolYear: string;
  /** Empty means: not concerned, said positively. */
  readonly types: readonly EquipmentType[];
}

export interface Justificatif {
  /** The Région's own reference of the paper. */
  readonly reference: string;
  readonly schoolYear: string;
  readonly kind: JustificatifKind;
  /** Paris civil date. */
  readonly receivedOn: string;
  /** Paris civil date on which it was found wanting; null: it counts. */
  readonly rejectedOn: string | null;
}

/** Where a partner is paid. */
export interface BankAccount {
  readonly holder: string;
  /** Without spaces (ISO 13616). */
  readonly iban: string;
  /** ISO 9362; null where the IBAN is enough. */
  readonly bic: string | null;
}

/** Everything about a partner that decides what holds what is owed to it, and where it is paid. */
export interface PartnerPapers {
  readonly partnerId: string;
  readonly name: string;
  /** As the programme names them: they say whether it must give papers at all. */
  readonly types: readonly string[];
  readonly flags: readonly string[];
  readonly declarations: readonly EquipmentDeclaration[];
  readonly justificatifs: readonly Justificatif[];
  readonly bank: BankAccount | null;
}

/** One transfer of a settlement. */
export interface Payment extends PaymentKey {
  /** Within its settlement, from 1. */
  readonly no: number;
  readonly account: BankAccount;
  /** Σ of its lines, above zero. */
  readonly amountCents: number;
  readonly lines: number;
  readonly state: "BATCHED" | "PAID" | "REJECTED";
  /** The bank's reason for a return (ISO 20022 external code or its text); null otherwise. */
  readonly reason: string | null;
}

/** What one payment is for in one avantage: the sum of its lines, below zero where more was given back. */
export interface Charge {
  readonly avantage: string;
  readonly amountCents: number;
}

/** One cut-off and what came of it. */
export interface Settlement {
  /** The last day of its period, Paris civil date. */
  readonly lastDay: string;
  /** The end of the period, exclusive, Unix milliseconds. */
  readonly cutoffMs: number;
  /** When it was begun. */
  readonly createdAtMs: number;
  /** `open`: partners are still being settled; `filed`: the payment file is made, and is never made again. */
  readonly state: "open" | "filed";
}
