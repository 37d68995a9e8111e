// Reads a bank's payment status report, pain.002: which payments of a settlement are paid, which came back, and why.

import type { Element } from "@xmldom/xmldom";
import { STATUS_REPORT_BYTES_MAX } from "../../core/settlement/limits.js";
import type { BankWord } from "../../core/settlement/ports.js";
import { messageIdOf, paymentOfEndToEndId, settlementOfMessageId } from "./payment-ids.js";
import { isDuplicate, meaningOf, type StatusMeaning } from "./status-codes.js";
import { childElements, elementsAt, parseXml, textAt } from "./xml.js";

/** The longest reason that is kept; what a bank adds beyond is cut. */
const REASON_LENGTH_MAX = 200;

/** Any version: the elements that are read have been the same since 2009. */
const REPORT_NAMESPACE = /^urn:iso:std:iso:20022:tech:xsd:pain\.002\.001\.\d{2}$/;

/** What a bank says of one payment, or of all that its report does not name. */
interface ReportedStatus extends BankWord {
  /** The last day of the settlement, `YYYY-MM-DD`; whether there is such a settlement is not known here. */
  readonly settlement: string;
  /** The payment's number in its settlement; null: every payment of it that the report does not name. */
  readonly no: number | null;
}

type StatusReport =
  | { readonly type: "read"; readonly statuses: readonly ReportedStatus[] }
  | { readonly type: "refused"; readonly detail: string };

/** A refusal on its way out of the reader; it never leaves this file. */
class Refusal extends Error {}

/**
 * Reads a report of one of our messages. What is said of a payment counts before what is said of its batch, and that
 * before what is said of the message. A report that is not understood as a whole is refused as a whole.
 */
export function readStatusReport(xml: string): StatusReport {
  if (Buffer.byteLength(xml) > STATUS_REPORT_BYTES_MAX) {
    return refused(`the report is larger than ${STATUS_REPORT_BYTES_MAX} bytes`);
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
  const saidAtMs = instantOf(textAt(report, "GrpHdr/CreDtTm") ?? "");
  return wordsOf({ settlement, group, batches: elementsAt(report, BATCH) }).flatMap(
    ({ no, meaning, reason, about }) =>
      meaning === null ? [] : [{ settlement, no, status: meaning, reason, about, saidAtMs }],
  );
}

const BATCH = "OrgnlPmtInfAndSts";
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d+)?(Z|[+-]\d{2}:\d{2})?$/;

/**
 * The instant of an ISODateTime, Unix milliseconds. Without a zone it is taken for UTC: one bank writes all its reports
 * alike, and what counts is which of them is later.
 */
function instantOf(text: string): number {
  const [instant, zone = "Z"] = INSTANT.exec(text) ?? [];
  const ms =
    instant === undefined
      ? Number.NaN
      : Date.parse(instant.endsWith(zone) ? instant : instant + zone);
  if (!Number.isNaN(ms)) return ms;
  throw new Refusal("the report does not say when it was made (GrpHdr/CreDtTm)");
}

/** What one level of the report says; its meaning is null where it says nothing final. */
interface Said extends Pick<BankWord, "reason" | "about"> {
  readonly meaning: StatusMeaning;
}

function wordsOf(report: {
  readonly settlement: string;
  readonly group: Element;
  readonly batches: readonly Element[];
}): readonly (Said & { readonly no: number | null })[] {
  const { settlement, group, batches } = report;
  for (const batch of batches) assertOurs(batch, settlement);
  // Our messages have one batch: what a bank says of it in several places is said of the same one.
  const saidOfBatch = batches.map((batch) => saidOfWhole(batch, "PmtInfSts"));
  const ofMessage = saidOfWhole(group, "GrpSts") ?? NOTHING;
  const ofBatch = narrower(ofMessage, agreed(saidOfBatch, "its batch"));
  const saidOfPayments = new Map<number, (Said | null)[]>();
  for (const transaction of batches.flatMap((batch) => elementsAt(batch, "TxInfAndSts"))) {
    const no = paymentNoOf(transaction, settlement);
    const before = saidOfPayments.get(no) ?? [];
    saidOfPayments.set(no, [...before, said(transaction, "TxSts")]);
  }
  const ofPayments = [...saidOfPayments].map(([no, it]) => ({
    no,
    ...narrower(ofBatch, agreed(it, `payment ${no}`)),
  }));
  return [...ofPayments, { no: null, ...ofBatch }];
}

const NOTHING: Said = { meaning: null, reason: null, about: "message" };

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

/** What is said of one thing in several places of the report: what is final counts before what was said on the way. */
function agreed(words: readonly (Said | null)[], what: string): Said | null {
  const told = words.filter((it) => it !== null);
  const final = told.filter(({ meaning }) => meaning !== null);
  const [first, ...others] = final;
  if (others.some(({ meaning }) => meaning !== first?.meaning)) {
    throw new Refusal(`the report contradicts itself about ${what}`);
  }
  return final.find(({ about }) => about === "copy") ?? first ?? told[0] ?? null;
}

/** What a report says of the message or of its batch. @throws Refusal where it speaks of a second copy. */
function saidOfWhole(of: Element, statusElement: string): Said | null {
  const it = said(of, statusElement);
  if (it?.about !== "copy") return it && { ...it, about: "message" };
  throw new Refusal(
    "this is about a second copy of the payment file, which the bank did not take; nothing changed: what became of the first copy is in another report",
  );
}

function said(of: Element, statusElement: string): Said | null {
  const [status, second] = elementsAt(of, statusElement);
  if (second) throw new Refusal(`the report has two ${statusElement} in one place`);
  if (!status) return null;
  const meaning = meaningOf((status.textContent ?? "").trim());
  if (meaning === undefined) {
    throw new Refusal(
      `the report has a status in ${statusElement} that is not known here; ask the bank what it means`,
    );
  }
  if (meaning !== "REJECTED") return { meaning, reason: null, about: "payment" };
  const isCopy = codesOf(of).some(isDuplicate);
  return { meaning, reason: reasonOf(of), about: isCopy ? "copy" : "payment" };
}

/** The codes of all reasons that stand in one place, the bank's own ones too. */
function codesOf(of: Element): readonly string[] {
  return elementsAt(of, "StsRsnInf/Rsn")
    .flatMap(childElements)
    .map(({ textContent }) => (textContent ?? "").trim());
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
