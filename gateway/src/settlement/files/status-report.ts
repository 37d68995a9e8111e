// Reads a bank's payment status report, pain.002: which payments of a settlement are paid, which came back, and why.

import type { Element } from "@xmldom/xmldom";
import { messageIdOf, paymentOfEndToEndId, settlementOfMessageId } from "./payment-ids.js";
import { meaningOf, type StatusMeaning } from "./status-codes.js";
import { childElements, elementsAt, parseXml, textAt } from "./xml.js";

/** The longest report that is read, in characters: some ten thousand transactions. */
export const STATUS_REPORT_LENGTH_MAX = 8_000_000;
/** The longest reason that is kept; what a bank adds beyond is cut. */
const REASON_LENGTH_MAX = 200;

/** Any version: the elements that are read have been the same since 2009. */
const REPORT_NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.\d{2}$/;

/** What a bank says of one payment, or of all that its report does not name. */
export interface ReportedStatus {
  /** The last day of the settlement, `YYYY-MM-DD`; whether there is such a settlement is not known here. */
  readonly settlement: string;
  /** The payment's number in its settlement; null: every payment of it that the report does not name. */
  readonly no: number | null;
  readonly status: "PAID" | "REJECTED";
  /** The bank's code and words, for instance `AC04 Closed account`; null where it gives none, or where it paid. */
  readonly reason: string | null;
}

export type StatusReport =
  | { readonly type: "read"; readonly statuses: readonly ReportedStatus[] }
  | { readonly type: "refused"; readonly detail: string };

/** A refusal on its way out of the reader; it never leaves this file. */
class Refusal extends Error {}

/**
 * Reads a report of one of our messages. What is said of a payment counts before what is said of its batch, and that
 * before what is said of the message. A report that is not understood as a whole is refused as a whole.
 */
export function readStatusReport(xml: string): StatusReport {
  if (xml.length > STATUS_REPORT_LENGTH_MAX) {
    return refused(`the report is longer than ${STATUS_REPORT_LENGTH_MAX} characters`);
  }
  const parsed = parseXml(xml);
  if (parsed.type === "refused") return parsed;
  try {
    return { type: "read", statuses: statusesOf(parsed.root) };
  } catch (error) {
    if (error instanceof Refusal) return refused(error.message);
    throw error;
  }
}

const refused = (detail: string): StatusReport => ({ type: "refused", detail });

function statusesOf(document: Element): readonly ReportedStatus[] {
  const [report] = elementsAt(document, "CstmrPmtStsRpt");
  const isReport =
    document.localName === "Document" && REPORT_NAMESPACE.test(document.namespaceURI ?? "");
  if (!isReport || !report) throw new Refusal("the file is not a payment status report (pain.002)");
  const [group, second] = elementsAt(report, "OrgnlGrpInfAndSts");
  if (!group || second) throw new Refusal("the report must name one original message");
  const messageId = textAt(group, "OrgnlMsgId") ?? "";
  const settlement = settlementOfMessageId(messageId);
  if (settlement === null) {
    throw new Refusal("the report is of a message that this gateway did not make (OrgnlMsgId)");
  }
  return statusesOfSettlement({ settlement, group, batches: elementsAt(report, BATCH) });
}

const BATCH = "OrgnlPmtInfAndSts";

/** What one level of the report says; null where it says nothing final. */
interface Said {
  readonly meaning: StatusMeaning;
  readonly reason: string | null;
}

function statusesOfSettlement(report: {
  readonly settlement: string;
  readonly group: Element;
  readonly batches: readonly Element[];
}): readonly ReportedStatus[] {
  const { settlement, group, batches } = report;
  for (const batch of batches) assertOurs(batch, settlement);
  // Our messages have one batch: what a bank says of it in several places is said of the same one.
  const saidOfBatch = batches.map((batch) => said(batch, "PmtInfSts"));
  const ofMessage = said(group, "GrpSts") ?? NOTHING;
  const ofBatch = narrower(ofMessage, agreed(saidOfBatch, "its batch"));
  const saidOfPayments = new Map<number, (Said | null)[]>();
  for (const transaction of batches.flatMap((batch) => elementsAt(batch, "TxInfAndSts"))) {
    const no = paymentNoOf(transaction, settlement);
    const before = saidOfPayments.get(no) ?? [];
    saidOfPayments.set(no, [...before, said(transaction, "TxSts")]);
  }
  const ofPayments = [...saidOfPayments].map(([no, it]) =>
    statusOf(settlement, no, narrower(ofBatch, agreed(it, `payment ${no}`))),
  );
  return [...ofPayments, statusOf(settlement, null, ofBatch)].filter((it) => it !== null);
}

const NOTHING: Said = { meaning: null, reason: null };

function assertOurs(batch: Element, settlement: string): void {
  if (textAt(batch, "OrgnlPmtInfId") !== messageIdOf(settlement)) {
    throw new Refusal("the report is of a batch that its message does not have (OrgnlPmtInfId)");
  }
}

function paymentNoOf(transaction: Element, settlement: string): number {
  const place = paymentOfEndToEndId(textAt(transaction, "OrgnlEndToEndId") ?? "");
  if (place === null || place.settlement !== settlement) {
    throw new Refusal("the report names a payment that is not of its message (OrgnlEndToEndId)");
  }
  return place.no;
}

/** What is said in a narrower place, where something is; what was rejected as a whole is rejected in every part. */
function narrower(wide: Said, narrow: Said | null): Said {
  if (narrow === null) return wide;
  if (wide.meaning !== "REJECTED" || narrow.meaning === "REJECTED") return narrow;
  if (narrow.meaning === null) return wide;
  throw new Refusal("the report contradicts itself: rejected as a whole, and paid in part");
}

/** What is said of one thing in several places of the report. */
function agreed(words: readonly (Said | null)[], what: string): Said | null {
  const [first = null, ...others] = words.filter((it) => it !== null);
  if (others.some((it) => it.meaning !== first?.meaning)) {
    throw new Refusal(`the report contradicts itself about ${what}`);
  }
  return first;
}

function said(of: Element, statusElement: string): Said | null {
  const code = textAt(of, statusElement);
  if (code === null) return null;
  const meaning = meaningOf(code);
  if (meaning === undefined) {
    throw new Refusal(
      `the report has a status in ${statusElement} that is not known here; ask the bank what it means`,
    );
  }
  return { meaning, reason: meaning === "REJECTED" ? reasonOf(of) : null };
}

/** Every reason that stands in one place: its code, or the bank's own, and its words. */
function reasonOf(of: Element): string | null {
  const reasons = elementsAt(of, "StsRsnInf").map((it) =>
    [...elementsAt(it, "Rsn").flatMap(childElements), ...elementsAt(it, "AddtlInf")]
      .map((element) => element.textContent ?? "")
      .join(" "),
  );
  const words = reasons.join("; ").replace(/[\s\p{C}]+/gu, " ");
  return words.trim().slice(0, REASON_LENGTH_MAX).trimEnd() || null;
}

function statusOf(settlement: string, no: number | null, it: Said): ReportedStatus | null {
  return it.meaning && { settlement, no, status: it.meaning, reason: it.reason };
}
