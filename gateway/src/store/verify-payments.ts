// Holds every payment to the lines that it was made of, and every payment file to its payments.

import type { Payment, PaymentKey, Settlement } from "../core/settlement/model.js";
import type { Transfer } from "../core/settlement/transfer.js";
import type { Findings } from "./findings.js";
import type { LedgerBooks, PaymentLine } from "./ledger-books.js";

/** The transfers of a payment file, in its order; null where nobody can read it. */
export type ReadTransfers = (file: Uint8Array) => readonly Transfer[] | null;

/** Checks all settlements, one after the other; the payments of one stand in memory. */
export async function checkPayments(input: {
  readonly books: LedgerBooks;
  readonly faults: Findings;
  readonly readTransfers: ReadTransfers;
}): Promise<{ readonly settlements: number; readonly payments: number }> {
  const { books, faults, readTransfers } = input;
  let [settlements, count] = [0, 0];
  for (const settlement of await books.settlements()) {
    const { lastDay } = settlement;
    const payments = await books.payments(lastDay);
    settlements += 1;
    count += payments.length;
    for (const payment of payments) {
      for (const fault of await paymentFaults(payment, settlement, books)) {
        faults.add(`${nameOfPayment(payment)}: ${fault}`);
      }
    }
    const transfers = transfersOf(await books.file(lastDay), readTransfers);
    for (const fault of fileFaults(settlement, payments, transfers)) {
      faults.add(`payment file of ${lastDay}: ${fault}`);
    }
  }
  await checkStrays(books, faults);
  return { settlements, payments: count };
}

async function checkStrays(books: LedgerBooks, faults: Findings): Promise<void> {
  for await (const { no, terminalId, saleId } of books.strayLines()) {
    faults.add(`line ${no} of ${terminalId} ${saleId} belongs to no sale`);
  }
  for await (const key of books.strayPayments()) {
    faults.add(`${nameOfPayment(key)} belongs to no settlement`);
  }
  for await (const { no, ...key } of books.strayPaymentLines()) {
    faults.add(`${nameOfPayment(key)} was made of line ${no}, and is not there`);
  }
}

async function paymentFaults(
  payment: Payment,
  settlement: Settlement,
  books: LedgerBooks,
): Promise<readonly string[]> {
  const faults: string[] = [];
  if (settlement.state === "open" && payment.state !== "BATCHED") {
    faults.push(`it is ${payment.state}, and no bank was asked for it yet`);
  }
  const madeOf = books.paymentLines(payment);
  if (madeOf === null) return faults;
  let [lines, cents] = [0, 0];
  for await (const { no, line } of madeOf) {
    lines += 1;
    cents += line?.amountCents ?? 0;
    const fault = madeOfFault(line, payment, settlement);
    if (fault !== null) faults.push(`it was made of line ${no}, ${fault}`);
  }
  if (cents !== payment.amountCents) {
    faults.push(`it is of ${payment.amountCents} cents, and its lines are of ${cents}`);
  }
  if (lines !== payment.lines) {
    faults.push(`it counts ${payment.lines} lines, and was made of ${lines}`);
  }
  return faults;
}

/** One that came back has let go of its lines: they may be in a later one. */
function madeOfFault(
  line: PaymentLine["line"],
  payment: Payment,
  { cutoffMs }: Settlement,
): string | null {
  if (line === null) return "which is gone";
  if (line.partnerId !== payment.partnerId) return `which is ${line.partnerId}'s`;
  if (line.atMs >= cutoffMs) return "which moved after its cut-off";
  const isIn = line.payment?.settlement === payment.settlement;
  if (payment.state === "REJECTED") return isIn ? "which is in it still, and it came back" : null;
  const where = line.payment ? `the payment of ${line.payment.settlement}` : "no payment";
  return isIn && line.state === payment.state ? null : `which is ${line.state} in ${where}`;
}

/** What a settlement's file asks for; null where it is not made, `unreadable` where nobody can say. */
type Asked = readonly Transfer[] | "unreadable" | null;

/** An empty file is that of a settlement in which nothing was paid. */
function transfersOf(file: Uint8Array | null, readTransfers: ReadTransfers): Asked {
  if (file === null || file.length === 0) return file && [];
  return readTransfers(file) ?? "unreadable";
}

function fileFaults(
  { lastDay }: Settlement,
  payments: readonly Payment[],
  asked: Asked,
): readonly string[] {
  if (asked === null) return [];
  if (asked === "unreadable") return ["nobody can read it"];
  const left = new Map(payments.map((payment) => [payment.no, payment]));
  const faults: string[] = [];
  for (const transfer of asked) {
    const payment = transfer.settlement === lastDay ? left.get(transfer.no) : undefined;
    if (payment) faults.push(...transferFaults(transfer, payment));
    else
      faults.push(`transfer ${transfer.no} of ${transfer.settlement} is of no payment, or twice`);
    if (payment) left.delete(transfer.no);
  }
  const untold = [...left.values()];
  return [...faults, ...untold.map((it) => `${nameOfPayment(it)} is not in it`)];
}

/** Accounts are not for logs: that there is another is enough. */
function transferFaults(transfer: Transfer, payment: Payment): readonly string[] {
  const { account, amountCents } = payment;
  const isSame = transfer.iban === account.iban && transfer.bic === account.bic;
  return [
    ...(isSame ? [] : [`${nameOfPayment(payment)} goes to another account in it`]),
    ...(transfer.amountCents === amountCents
      ? []
      : [`${nameOfPayment(payment)} is of ${transfer.amountCents} cents in it`]),
  ];
}

const nameOfPayment = ({ settlement, partnerId }: PaymentKey): string =>
  `payment ${settlement} ${partnerId}`;
