// What one row of the table of field checks is, and the three ways in which a row looks at a payment file.

import type { Element } from "@xmldom/xmldom";
import { childElements, elementsAt, textAt } from "./xml.js";

/** One rule of a payment file. */
export interface FieldCheck {
  /** Below `Document/CstmrCdtTrfInitn`; empty for the message itself. */
  readonly path: string;
  /** In words, after "must": for whoever reads a fault. */
  readonly must: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** Whether each place breaks it; `root` is the message, `at` all elements at the path. */
  readonly faults: (root: Element, at: readonly Element[]) => readonly Element[];
}

/**
 * The children of an element, in their order: `Name` once, `Name?` perhaps, `Name+` once or more, `A|B` one of both.
 * What is not listed is forbidden.
 */
export function parts(path: string, children: string, source: string): FieldCheck {
  const pattern = children
    .split(" ")
    .map((part) => part.replace(/^([\w|]+)([?+]?)$/, "(?:(?:$1),)$2"))
    .join("");
  const shape = new RegExp(`^${pattern}$`);
  return {
    path,
    must: `hold ${children}`,
    source,
    faults: (root, at) => at.filter((element) => !shape.test(childNames(element, root))),
  };
}

function childNames(element: Element, root: Element): string {
  return childElements(element)
    .map((it) => (it.namespaceURI === root.namespaceURI ? `${it.localName},` : "foreign,"))
    .join("");
}

/** A rule for the text of every element at a path. */
export function text(
  path: string,
  must: string,
  source: string,
  holds: (text: string, element: Element) => boolean,
): FieldCheck {
  const isWrong = (element: Element) =>
    childElements(element).length > 0 || !holds(element.textContent ?? "", element);
  return { path, must, source, faults: (_, at) => at.filter(isWrong) };
}

/** A rule that compares an element with the rest of the message. */
export function compared(
  path: string,
  must: string,
  source: string,
  holds: (text: string, root: Element) => boolean,
): FieldCheck {
  const isWrong = (element: Element, root: Element) => !holds(element.textContent ?? "", root);
  return {
    path,
    must,
    source,
    faults: (root, at) => at.filter((element) => isWrong(element, root)),
  };
}

/** No two elements at a path have the same text. */
export function unique(path: string, source: string): FieldCheck {
  const faults = (_: Element, at: readonly Element[]) => {
    const seen = new Set<string>();
    return at.filter((element) => {
      const value = element.textContent ?? "";
      return seen.has(value) || !seen.add(value);
    });
  };
  return { path, must: "be unique in the message", source, faults };
}

/** The transfers of the message. */
export function transfersOf(root: Element): readonly Element[] {
  return elementsAt(root, "PmtInf/CdtTrfTxInf");
}

/** The sum of all transfers as a decimal; null where an amount is none. Integers throughout. */
export function sumOf(root: Element): string | null {
  let cents = 0n;
  for (const transfer of transfersOf(root)) {
    const amount = textAt(transfer, "Amt/InstdAmt");
    if (amount === null || !DECIMAL.test(amount)) return null;
    cents += BigInt(amount.replace(".", ""));
  }
  const digits = String(cents).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** An amount as this project writes it: always two decimals. */
export const DECIMAL = /^(0|[1-9]\d{0,15})\.\d{2}$/;
