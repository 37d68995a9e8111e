// Takes a payment file in slices of some transfers each, so that reading thousands of them never keeps the tills waiting.

import type { Element } from "@xmldom/xmldom";
import type { Slice, Tally } from "./field-check.js";
import { childElements } from "./xml.js";

/** What is parsed and checked in one go: some ten milliseconds. */
export const TRANSFERS_PER_SLICE = 100;

const OPENING = "<CdtTrfTxInf>";
const CLOSING = "</CdtTrfTxInf>";

/**
 * Slices of a payment file, each a whole document: the head of the file, some of its transfers, its end. Whatever stands
 * between two transfers is in one of them. A file whose transfers are written otherwise is one slice.
 */
export function* slicesOf(xml: string): Generator<string> {
  const first = xml.indexOf(OPENING);
  const end = xml.lastIndexOf(CLOSING) + CLOSING.length;
  if (first < 0 || end < first) {
    yield xml;
    return;
  }
  const [head, tail] = [xml.slice(0, first), xml.slice(end)];
  for (let from = first; from < end; ) {
    let to = from;
    for (let count = 0; count < TRANSFERS_PER_SLICE && to < end; count += 1) {
      const next = xml.indexOf(OPENING, to + OPENING.length);
      to = next < 0 || next > end ? end : next;
    }
    yield head + xml.slice(from, to) + tail;
    from = to;
  }
}

/** Looks at a slice once: all elements of the message by their paths below it, `""` for the message itself. */
export function sliceOf(message: Element, tally: Tally): Slice {
  const elements = new Map<string, Element[]>();
  const collect = (element: Element, path: string): void => {
    const own = elements.get(path);
    if (own) own.push(element);
    else elements.set(path, [element]);
    for (const child of childElements(element)) {
      if (child.namespaceURI !== message.namespaceURI) continue;
      collect(child, path === "" ? (child.localName ?? "") : `${path}/${child.localName}`);
    }
  };
  collect(message, "");
  return { at: (path) => elements.get(path) ?? [], tally };
}
