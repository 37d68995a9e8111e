// What one row of the table of field checks is, and the ways in which a row looks at a payment file.

import type { Element } from "@xmldom/xmldom";
import { childElements } from "./xml.js";

/** The elements of a transfer, below the message. */
export const TRANSFER = "PmtInf/CdtTrfTxInf";

/** What all slices that were read so far come to. */
export interface Tally {
  transfers: number;
  /** Integers throughout; null where an amount is none. */
  cents: bigint | null;
  readonly references: Set<string>;
}

/** The head of the file, some of its transfers, and its end. */
export interface Slice {
  /** All elements at a path below `Document/CstmrCdtTrfInitn`. */
  readonly at: (path: string) => readonly Element[];
  readonly tally: Tally;
}

/** One rule of a payment file. */
export interface FieldCheck {
  /** Below `Document/CstmrCdtTrfInitn`; empty for the message itself. */
  readonly path: string;
  /** In words, after "must": for whoever reads a fault. */
  readonly must: string;
  /** Where the rule comes from. */
  readonly source: string;
  /** Looks at each slice; or once at the last one, when everything is counted. */
  readonly looksAt: "slices" | "end";
  /** Those of the elements at the path that break it. */
  readonly faults: (at: readonly Element[], slice: Slice) => readonly Element[];
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
  const faults = (at: readonly Element[]) => at.filter((it) => !shape.test(childNames(it)));
  return { path, must: `hold ${children}`, source, looksAt: "slices", faults };
}

function childNames(element: Element): string {
  return childElements(element)
    .map((it) => (it.namespaceURI === element.namespaceURI ? `${it.localName},` : "foreign,"))
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
  return { path, must, source, looksAt: "slices", faults: (at) => at.filter(isWrong) };
}

/** A rule that compares an element with the head of the file. */
export function compared(
  path: string,
  must: string,
  source: string,
  holds: (text: string, slice: Slice) => boolean,
): FieldCheck {
  const faults = (at: readonly Element[], slice: Slice) =>
    at.filter(({ textContent }) => !holds(textContent ?? "", slice));
  return { path, must, source, looksAt: "slices", faults };
}

/** A rule that compares an element with what all transfers come to. */
export function totalled(
  path: string,
  must: string,
  source: string,
  total: (tally: Tally) => string | null,
): FieldCheck {
  const faults = (at: readonly Element[], { tally }: Slice) =>
    at.filter(({ textContent }) => textContent !== total(tally));
  return { path, must, source, looksAt: "end", faults };
}

/** No two transfers have the same reference. */
export function unique(path: string, source: string): FieldCheck {
  const faults = (at: readonly Element[], { tally }: Slice) =>
    at.filter(({ textContent }) => {
      const value = textContent ?? "";
      return tally.references.has(value) || !tally.references.add(value);
    });
  return { path, must: "be unique in the message", source, looksAt: "slices", faults };
}

/** The only text at a path of a slice; null where there is none, or more than one. */
export function onlyText(slice: Slice, path: string): string | null {
  const [element, second] = slice.at(path);
  return element && !second ? (element.textContent ?? "").trim() : null;
}

/** Adds what a slice has. */
export function addUp({ at, tally }: Slice): void {
  tally.transfers += at(TRANSFER).length;
  for (const { textContent } of at(`${TRANSFER}/Amt/InstdAmt`)) {
    const amount = textContent ?? "";
    const cents = DECIMAL.test(amount) ? BigInt(amount.replace(".", "")) : null;
    tally.cents = tally.cents === null || cents === null ? null : tally.cents + cents;
  }
}

/** The sum of all transfers as a decimal; null where an amount is none. */
export function sumOf({ cents }: Tally): string | null {
  if (cents === null) return null;
  const digits = String(cents).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** An amount as this project writes it: always two decimals. */
export const DECIMAL = /^(0|[1-9]\d{0,15})\.\d{2}$/;
