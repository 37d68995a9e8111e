// Makes the payment file of a settlement: SEPA credit transfers as a customer sends them to its bank, pain.001.001.09.

import { assert } from "../../core/assert.js";
import type { Payer } from "../../core/programme.js";
import type { Payment } from "../../core/settlement/model.js";
import { decimalOf } from "./decimal.js";
import { endToEndIdOf, messageIdOf } from "./payment-ids.js";
import { sepaText } from "./sepa-text.js";
import { nextTargetDay } from "./target-days.js";
import { escaped } from "./xml.js";

export const PAYMENT_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
export const NAME_LENGTH_MAX = 70;
export const REMITTANCE_LENGTH_MAX = 140;
/** The most that one SEPA credit transfer can carry: 999 999 999,99 € (EPC132-08, AT-T002). */
const TRANSFER_CENTS_MAX = 99_999_999_999;

/** An element as data: its name, then its text or its children in the order of the schema. */
type Part = readonly [name: string, content: string | readonly Part[]];

export interface PaymentFileInput {
  /** The last day of the settlement, Paris civil date. */
  readonly lastDay: string;
  /** When the file is made, Unix milliseconds: a settlement may have been begun days before. */
  readonly madeAtMs: number;
  readonly payments: readonly Payment[];
  readonly payer: Payer;
}

/**
 * The payment file of one settlement, UTF-8: the same bytes for the same input, in whatever order its payments come. It
 * asks for execution on the first TARGET day after it is made.
 *
 * @throws BugError for no payment at all, and for a payment of another settlement or beyond the scheme's amounts.
 */
export function paymentFile(input: PaymentFileInput): Uint8Array {
  const { lastDay, payments } = input;
  assert(payments.length > 0, "a payment file needs a payment");
  for (const payment of payments) assertPayable(payment, lastDay);
  const inOrder = [...payments].sort((a, b) => a.no - b.no);
  const totalCents = inOrder.reduce((sum, { amountCents }) => sum + amountCents, 0);
  const counts: readonly Part[] = [
    ["NbOfTxs", String(inOrder.length)],
    ["CtrlSum", decimalOf(totalCents, ".")],
  ];
  return serialise([
    ["GrpHdr", groupHeader(input, counts)],
    ["PmtInf", batch({ ...input, payments: inOrder }, counts)],
  ]);
}

function assertPayable({ settlement, no, amountCents }: Payment, lastDay: string): void {
  assert(settlement === lastDay, `payment ${no} is of another settlement`);
  const fits = Number.isSafeInteger(amountCents) && amountCents > 0;
  assert(
    fits && amountCents <= TRANSFER_CENTS_MAX,
    `payment ${no} is beyond what a transfer takes`,
  );
}

function groupHeader(
  { lastDay, madeAtMs, payer }: PaymentFileInput,
  counts: readonly Part[],
): readonly Part[] {
  return [
    ["MsgId", messageIdOf(lastDay)],
    ["CreDtTm", new Date(madeAtMs).toISOString()],
    ...counts,
    ["InitgPty", [["Nm", nameOf(payer.name)]]],
  ];
}

/** The one batch of a file. The bank books it as one sum: the Région's account shows settlements, not shops. */
function batch(
  { lastDay, madeAtMs, payer, payments }: PaymentFileInput,
  counts: readonly Part[],
): readonly Part[] {
  // Where the BIC is not known, the guidelines ask for these very words.
  const bank: Part = payer.bic ? ["BICFI", payer.bic] : ["Othr", [["Id", "NOTPROVIDED"]]];
  return [
    ["PmtInfId", messageIdOf(lastDay)],
    ["PmtMtd", "TRF"],
    ["BtchBookg", "true"],
    ...counts,
    ["PmtTpInf", [["SvcLvl", [["Cd", "SEPA"]]]]],
    ["ReqdExctnDt", [["Dt", nextTargetDay(madeAtMs)]]],
    ["Dbtr", [["Nm", nameOf(payer.name)]]],
    ["DbtrAcct", account(payer.iban)],
    ["DbtrAgt", [["FinInstnId", [bank]]]],
    ["ChrgBr", "SLEV"],
    ...payments.map((payment): Part => ["CdtTrfTxInf", transfer(payment)]),
  ];
}

function transfer(payment: Payment): readonly Part[] {
  const { holder, iban, bic } = payment.account;
  const bank: readonly Part[] = bic ? [["CdtrAgt", [["FinInstnId", [["BICFI", bic]]]]]] : [];
  return [
    ["PmtId", [["EndToEndId", endToEndIdOf(payment)]]],
    ["Amt", [["InstdAmt", decimalOf(payment.amountCents, ".")]]],
    ...bank,
    ["Cdtr", [["Nm", nameOf(holder)]]],
    ["CdtrAcct", account(iban)],
    ["RmtInf", [["Ustrd", remittance(payment)]]],
  ];
}

const account = (iban: string): readonly Part[] => [["Id", [["IBAN", iban]]]];
const nameOf = (name: string): string => sepaText(name, NAME_LENGTH_MAX);

/** What the payee's bank statement shows: the programme, the end of the period, the partner. */
function remittance({ settlement, partnerId }: Payment): string {
  const text = `Pass'Region remboursement periode au ${settlement} partenaire ${partnerId}`;
  return sepaText(text, REMITTANCE_LENGTH_MAX);
}

function serialise(parts: readonly Part[]): Uint8Array {
  const message = xmlOf(["CstmrCdtTrfInitn", parts]);
  const document = `<Document xmlns="${PAYMENT_NAMESPACE}">${message}</Document>`;
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>\n${document}\n`);
}

function xmlOf([name, content]: Part): string {
  const inside = typeof content === "string" ? escaped(content) : content.map(xmlOf).join("");
  // The only attribute of the message: its amounts are in euros, whatever the account's currency.
  const attribute = name === "InstdAmt" ? ' Ccy="EUR"' : "";
  return `<${name}${attribute}>${inside}</${name}>`;
}
