// Checks a payment file against the project's own table before it is kept: what is wrong with it, in words.

import type { Element } from "@xmldom/xmldom";
import type { FieldCheck } from "./field-check.js";
import { FIELD_CHECKS } from "./field-table.js";
import { PAYMENT_NAMESPACE } from "./payment-file.js";
import { childElements, elementsAt, parseXml } from "./xml.js";

/** The most faults that are told of one rule: a broken file of thousands of transfers is as broken after a few. */
const FAULTS_PER_RULE_MAX = 5;

/**
 * The faults of a payment file; none: it may be kept and sent. A fault names the place and the rule, and never what
 * stands there, because accounts and names are not for logs.
 */
export function checkPaymentFile(xml: string): readonly string[] {
  const parsed = parseXml(xml);
  if (parsed.type === "refused") return [parsed.detail];
  const { root } = parsed;
  const [message, second] = childElements(root);
  const isMessage =
    root.localName === "Document" &&
    root.namespaceURI === PAYMENT_NAMESPACE &&
    message?.localName === "CstmrCdtTrfInitn" &&
    message.namespaceURI === PAYMENT_NAMESPACE;
  if (!isMessage || second) {
    return [`Document must hold one CstmrCdtTrfInitn of ${PAYMENT_NAMESPACE} (ISO 20022)`];
  }
  return FIELD_CHECKS.flatMap((check) => faultsOf(check, message));
}

function faultsOf(check: FieldCheck, message: Element): readonly string[] {
  const at = check.path === "" ? [message] : elementsAt(message, check.path);
  const wrong = check.faults(message, at);
  const told = wrong
    .slice(0, FAULTS_PER_RULE_MAX)
    .map((element) => faultText(check, at.length > 1 ? at.indexOf(element) + 1 : null));
  const untold = wrong.length - told.length;
  return untold > 0 ? [...told, `${check.path} must ${check.must}: ${untold} more`] : told;
}

/** A row of the table as a fault at one of the places of its path, counted from 1 where there are several. */
export function faultText({ path, must, source }: FieldCheck, place: number | null): string {
  const where = path === "" ? "CstmrCdtTrfInitn" : path;
  return `${where}${place === null ? "" : ` (no. ${place})`} must ${must} (${source})`;
}
