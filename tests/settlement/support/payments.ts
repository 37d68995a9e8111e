// Payment files, payments and lines with everything in order, so that a test sets only what matters to it.

import { composeIBAN } from "ibantools";
import type { Payer } from "../../../gateway/src/core/programme.js";
import type {
  PartnerPapers,
  Payment,
  SettlementLine,
} from "../../../gateway/src/core/settlement/model.js";

/** A Sunday; the payment file of its week is made some minutes after its end. */
export const LAST_DAY = "2023-03-19";
export const MADE = { lastDay: LAST_DAY, madeAtMs: Date.parse("2023-03-19T23:05:00Z") };

export const PAYER: Payer = {
  name: "Région Auvergne-Rhône-Alpes",
  iban: "FR7630006000011234567890189",
  bic: "AGRIFRPP",
};

/** A French IBAN of an invented account, another one for each number. */
export function ibanOf(no: number): string {
  const account = String(no).padStart(11, "0");
  const key = 97 - Number(BigInt(`3000600001${account}00`) % 97n);
  const bban = `3000600001${account}${String(key).padStart(2, "0")}`;
  const iban = composeIBAN({ countryCode: "FR", bban });
  if (iban === null) throw new Error(`no IBAN has the BBAN ${bban}`);
  return iban;
}

/** A payment of 12,34 € to partner P-1, changed where asked. */
export function paymentOf(change: Partial<Payment> = {}): Payment {
  const no = change.no ?? 1;
  return {
    settlement: LAST_DAY,
    partnerId: `P-${no}`,
    no,
    account: { holder: `Librairie ${no}`, iban: ibanOf(no), bic: null },
    amountCents: 1_234,
    lines: 1,
    state: "BATCHED",
    reason: null,
    ...change,
  };
}

/** A paid sale of 12,34 € of the first payment, changed where asked. */
export function lineOf(change: Partial<SettlementLine> = {}): SettlementLine {
  return {
    no: 1,
    kind: "sale",
    terminalId: "CAISSE-1",
    saleId: "0186e4a8-3c00-7000-8000-000000000001",
    refundId: null,
    partnerId: "P-1",
    avantage: "LIVRES",
    unit: "EUR_CENT",
    units: 1_234,
    takenAtMs: Date.parse("2023-03-15T10:00:00Z"),
    atMs: Date.parse("2023-03-15T10:00:00Z"),
    amountCents: 1_234,
    heldForPapers: false,
    ofPaidSale: false,
    schoolYear: "2022/2023",
    state: "PAID",
    holds: [],
    payment: { settlement: LAST_DAY, partnerId: "P-1" },
    returnedFrom: null,
    ...change,
  };
}

export const PARTNER: PartnerPapers = {
  partnerId: "P-1",
  name: "Librairie de l'Étoile",
  types: [],
  flags: [],
  declarations: [],
  justificatifs: [],
  bank: paymentOf().account,
};
