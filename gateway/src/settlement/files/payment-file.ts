// Makes the payment file of a settlement: SEPA credit transfers as a customer sends them to its bank, pain.001.001.09.

import { DOMImplementation, type Document, type Element, XMLSerializer } from "@xmldom/xmldom";
import { assert } from "../../core/assert.js";
import type { Payer } from "../../core/programme.js";
import type { Payment, Settlement } from "../../core/settlement/model.js";
import { decimalOf } from "./decimal.js";
import { endToEndIdOf, messageIdOf } from "./payment-ids.js";
import { sepaText } from "./sepa-text.js";
import { nextTargetDay } from "./target-days.js";

export const PAYMENT_NAMESPACE = "urn:iso:std:iso:20022:tech:xsd:pain.001.001.09";
export const NAME_LENGTH_MAX = 70;
export const REMITTANCE_LENGTH_MAX = 140;
/** The most that one SEPA credit transfer can carry: 999 999 999,99 € (EPC132-08, AT-T002). */
export const TRANSFER_CENTS_MAX = 99_999_999_999;

/** An element as data: its name, then its text or its children in the order of the schema. */
type Part = readonly [name: string, content: string | readonly Part[]];

/**
 * The payment file of one settlement, UTF-8: the same bytes for the same settlement, in whatever order its payments
 * come. It asks for execution on the first TARGET day after the settlement was begun.
 *
 * @throws BugError for no payment at all, and for a payment of another settlement or beyond the scheme's amounts.
 */
export function paymentFile({
  settlement,
  payments,
  payer,
}: {
  readonly settlement: Settlement;
  readonly payments: readonly Payment[];
  readonly payer: Payer;
}): Uint8Array {
  assert(payments.length > 0, "a payment file needs a payment");
  for (const payment of payments) assertPayable(payment, settlement.lastDay);
  const inOrder = [...payments].sort((a, b) => a.no - b.no);
  const totalCents = inOrder.reduce((sum, { amountCents }) => sum + amountCents, 0);
  const counts: readonly Part[] = [
    ["NbOfTxs", String(inOrder.length)],
    ["CtrlSum", decimalOf(totalCents, ".")],
  ];
  return serialise([
    ["GrpHdr", groupHeader(settlement, payer, counts)],
    ["PmtInf", batch({ settlement, payer, counts, payments: inOrder })],
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
  settlement: Settlement,
  payer: Payer,
  counts: readonly Part[],
): readonly Part[] {
  return [
    ["MsgId", messageIdOf(settlement.lastDay)],
    ["CreDtTm", new Date(settlement.createdAtMs).toISOString()],
    ...counts,
    ["InitgPty", [["Nm", nameOf(payer.name)]]],
  ];
}

/** The one batch of a file. The bank books it as one sum: the Région's account shows settlements, not shops. */
function batch(batch: {
  readonly settlement: Settlement;
  readonly payer: Payer;
  readonly counts: readonly Part[];
  readonly payments: readonly Payment[];
}): readonly Part[] {
  const { settlement, payer, counts, payments } = batch;
  // Where the BIC is not known, the guidelines ask for these very words.
  const bank: Part = payer.bic ? ["BICFI", payer.bic] : ["Othr", [["Id", "NOTPROVIDED"]]];
  return [
    ["PmtInfId", messageIdOf(settlement.lastDay)],
    ["PmtMtd", "TRF"],
    ["BtchBookg", "true"],
    ...counts,
    ["PmtTpInf", [["SvcLvl", [["Cd", "SEPA"]]]]],
    ["ReqdExctnDt", [["Dt", nextTargetDay(settlement.createdAtMs)]]],
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
  const document = new DOMImplementation().createDocument(PAYMENT_NAMESPACE, "Document", null);
  const root = document.documentElement;
  assert(root, "a new document has its root");
  append(document, root, ["CstmrCdtTrfInitn", parts]);
  const xml = new XMLSerializer().serializeToString(document);
  return new TextEncoder().encode(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}\n`);
}

function append(document: Document, parent: Element, [name, content]: Part): void {
  const element = document.createElementNS(PAYMENT_NAMESPACE, name);
  // The only attribute of the message: its amounts are in euros, whatever the account's currency.
  if (name === "InstdAmt") element.setAttribute("Ccy", "EUR");
  if (typeof content === "string") element.appendChild(document.createTextNode(content));
  else for (const part of content) append(document, element, part);
  parent.appendChild(element);
}
