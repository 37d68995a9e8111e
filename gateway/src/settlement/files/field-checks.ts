// Checks a payment file against the project's own table before it is kept: what is wrong with it, in words.

import { setImmediate as others } from "node:timers/promises";
import type { Element } from "@xmldom/xmldom";
import { assert } from "../../core/assert.js";
import { addUp, type FieldCheck, type Slice, type Tally, TRANSFER } from "./field-check.js";
import { sliceOf, slicesOf } from "./field-slices.js";
import { FIELD_CHECKS } from "./field-table.js";
import { PAYMENT_NAMESPACE } from "./payment-file.js";
import { childElements, parseXml } from "./xml.js";

/** The most faults that are told of one rule: a broken file of thousands of transfers is as broken after a few. */
const FAULTS_PER_RULE_MAX = 5;

/**
 * The faults of a payment file; none: it may be kept and sent. A fault names the place and the rule, and never what
 * stands there, because accounts and names are not for logs. Others have their turn after each slice.
 */
export async function checkPaymentFile(xml: string): Promise<readonly string[]> {
  const found = new Map(FIELD_CHECKS.map((check) => [check, new Set<string>()]));
  const tally: Tally = { transfers: 0, cents: 0n, references: new Set() };
  let slice: Slice | null = null;
  for (const text of slicesOf(xml)) {
    const read = messageOf(text);
    if (typeof read === "string") return [read];
    slice = sliceOf(read, tally);
    look("slices", slice, found);
    addUp(slice);
    await others();
  }
  if (slice) look("end", slice, found);
  return [...found].flatMap(([check, faults]) => told(check, [...faults]));
}

/** The message of a document; or why it is none. */
function messageOf(xml: string): Element | string {
  const parsed = parseXml(xml);
  if (parsed.type === "refused") return parsed.detail;
  const { root } = parsed;
  const [message, second] = childElements(root);
  const isMessage =
    root.localName === "Document" &&
    root.namespaceURI === PAYMENT_NAMESPACE &&
    message?.localName === "CstmrCdtTrfInitn" &&
    message.namespaceURI === PAYMENT_NAMESPACE;
  return isMessage && !second
    ? message
    : `Document must hold one CstmrCdtTrfInitn of ${PAYMENT_NAMESPACE} (ISO 20022)`;
}

/** Adds what a slice breaks. The head of the file is in every slice, and what is wrong with it is told once. */
function look(
  looksAt: FieldCheck["looksAt"],
  slice: Slice,
  found: ReadonlyMap<FieldCheck, Set<string>>,
): void {
  for (const [check, faults] of found) {
    if (check.looksAt !== looksAt) continue;
    for (const element of check.faults(slice.at(check.path), slice)) {
      faults.add(faultText(check, placeOf(element, check, slice)));
    }
  }
}

function placeOf(element: Element, { path }: FieldCheck, slice: Slice): number | null {
  if (path.startsWith(TRANSFER)) return transferNo(element, slice);
  const at = slice.at(path);
  return at.length > 1 ? at.indexOf(element) + 1 : null;
}

/** In which transfer of the file an element stands, from 1; null where there is only one. */
function transferNo(element: Element, { at, tally }: Slice): number | null {
  const transfers = at(TRANSFER);
  if (tally.transfers + transfers.length === 1) return null;
  let node: Element | null = element;
  while (node && !transfers.includes(node)) node = node.parentElement;
  assert(node, "what stands in a transfer has one around it");
  return tally.transfers + transfers.indexOf(node) + 1;
}

function told({ path, must }: FieldCheck, faults: readonly string[]): readonly string[] {
  const untold = faults.length - FAULTS_PER_RULE_MAX;
  if (untold <= 0) return faults;
  return [...faults.slice(0, FAULTS_PER_RULE_MAX), `${path} must ${must}: ${untold} more`];
}

/** A row of the table as a fault at one of the places of its path, counted from 1 where there are several. */
export function faultText({ path, must, source }: FieldCheck, place: number | null): string {
  const where = path === "" ? "CstmrCdtTrfInitn" : path;
  return `${where}${place === null ? "" : ` (no. ${place})`} must ${must} (${source})`;
}
